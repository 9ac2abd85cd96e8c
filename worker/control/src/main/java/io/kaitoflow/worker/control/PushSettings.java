package io.kaitoflow.worker.control;

import io.kaitoflow.activities.image.registry.AzureSignIn;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * How results are pushed for which no secret is named.
 *
 * @param account of each workspace's namespace
 * @param tenant of Azure's directory, where the account names none
 * @param directory where identities sign in
 */
public record PushSettings(PushAccount account, Optional<String> tenant, URI directory) {

    /** Empty where a secret is always needed. */
    static Optional<PushSettings> from(Optional<PushAccount> account, Map<String, String> environment) {
        return account.map(named -> new PushSettings(
                named,
                find(environment, "KAITOFLOW_PUSH_TENANT").or(() -> find(environment, "AZURE_TENANT_ID")),
                find(environment, "AZURE_AUTHORITY_HOST").map(URI::create).orElse(AzureSignIn.PUBLIC_DIRECTORY)));
    }

    private static Optional<String> find(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
