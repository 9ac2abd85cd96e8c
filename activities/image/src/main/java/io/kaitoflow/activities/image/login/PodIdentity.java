package io.kaitoflow.activities.image.login;

import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.registry.AzureSignIn;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod is known as whose service account may push, in the variables and the file that Azure's workload identity webhook gives it.
 *
 * @param variables of the process
 */
public record PodIdentity(Map<String, String> variables) implements CredentialSearch.Identity {

    /** Names the service account; where it is not set, a pod is known nowhere. */
    public static final String ACCOUNT = "KAITOFLOW_PUSH_ACCOUNT";

    public PodIdentity {
        variables = Map.copyOf(variables);
    }

    @Override
    public Optional<Credential> at(String registry) {
        String account = variables.getOrDefault(ACCOUNT, "");
        if (account.isBlank() || !ImageReference.isAzure(registry)) {
            return Optional.empty();
        }
        AzureSignIn.Client client = new AzureSignIn.Client(
                Optional.ofNullable(variables.get("AZURE_AUTHORITY_HOST"))
                        .map(URI::create)
                        .orElse(AzureSignIn.PUBLIC_DIRECTORY),
                required("AZURE_TENANT_ID", registry, account),
                required("AZURE_CLIENT_ID", registry, account));
        Path file = Path.of(required("AZURE_FEDERATED_TOKEN_FILE", registry, account));
        return new AzureSignIn(client, () -> read(file), RegistryTimeouts.usual(), ImageReference::isAzure)
                .at(registry);
    }

    private String required(String name, String registry, String account) {
        String value = variables.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new ImageException.Denied("Signing in at " + registry + " as the service account " + account
                    + " of this namespace: its pod was given no " + name
                    + ". The service account needs the annotation azure.workload.identity/client-id, and the cluster"
                    + " Azure's workload identity webhook; or name an imagePushSecret.");
        }
        return value;
    }

    /** The kubelet renews it. */
    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException gone) {
            throw new ImageException.Denied("The token of this pod's service account cannot be read: " + gone + ".");
        }
    }
}
