package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ServiceAccountResource;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.registry.AzureSignIn;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.presets.ImageReference;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Registries as the service account of a workspace's namespace opens them, for what the control plane does there on behalf of the workspace. The
 * API server makes the token, which is good for the directory alone.
 *
 * @param client of the cluster
 * @param settings that name the account
 * @param namespace whose account it is
 */
record NamespaceIdentity(KubernetesClient client, PushSettings settings, String namespace)
        implements CredentialSearch.Identity {

    private static final String CLIENT = "azure.workload.identity/client-id";
    private static final String TENANT = "azure.workload.identity/tenant-id";

    /** The least that an API server makes one for. */
    private static final long TOKEN_SECONDS = 600;

    @Override
    public Optional<Credential> at(String registry) {
        if (!ImageReference.isAzure(registry)) {
            return Optional.empty();
        }
        String doing = "Signing in at " + registry + " as the service account "
                + settings.account().name() + " of namespace " + namespace;
        ServiceAccount account = Optional.ofNullable(resource().get())
                .orElseThrow(() -> new ImageException.Denied(
                        doing + ": there is none. Make it, with the annotation " + CLIENT + "."));
        Map<String, String> annotations =
                Objects.requireNonNullElse(account.getMetadata().getAnnotations(), Map.of());
        AzureSignIn.Client identity = new AzureSignIn.Client(
                settings.directory(),
                Optional.ofNullable(annotations.get(TENANT))
                        .or(settings::tenant)
                        .orElseThrow(() ->
                                new ImageException.Denied(doing + ": nobody says in which tenant. Annotate it with "
                                        + TENANT + ", or set registries.workloadIdentity.tenant of the chart.")),
                Optional.ofNullable(annotations.get(CLIENT))
                        .orElseThrow(
                                () -> new ImageException.Denied(doing + ": it lacks the annotation " + CLIENT + ".")));
        return new AzureSignIn(identity, this::token, RegistryTimeouts.usual(), ImageReference::isAzure).at(registry);
    }

    private String token() {
        return resource()
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(AzureSignIn.AUDIENCE)
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    private ServiceAccountResource resource() {
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName(settings.account().name());
    }
}
