package io.kaitoflow.worker.control;

import io.kaitoflow.activities.nodes.azure.AzureIdentity;
import io.kaitoflow.activities.nodes.azure.AzureSettings;
import io.kaitoflow.presets.ByteSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about Azure. Client, tenant and token file have the names that Azure's workload identity webhook gives
 * them.
 */
record AzureVariables(Map<String, String> environment) {

    private static final String TOKEN = "AZURE_FEDERATED_TOKEN_FILE";
    private static final String SECRET = "KAITOFLOW_AZURE_CLIENT_SECRET_FILE";

    /** @throws IllegalArgumentException that names the variable, its value and the rule */
    AzureSettings settings(String installation, ByteSize disk) {
        return new AzureSettings(
                new AzureSettings.Cluster(
                        needed("KAITOFLOW_AZURE_SUBSCRIPTION"),
                        needed("KAITOFLOW_AZURE_RESOURCE_GROUP"),
                        needed("KAITOFLOW_AZURE_CLUSTER")),
                identity(),
                installation,
                disk,
                one("KAITOFLOW_AZURE_DISK", "managed", "ephemeral"),
                !one("KAITOFLOW_AZURE_GPU_DRIVER", "install", "none"),
                Optional.ofNullable(environment.get("KAITOFLOW_AZURE_SUBNET")));
    }

    private AzureIdentity identity() {
        String tenant = needed("AZURE_TENANT_ID");
        String client = needed("AZURE_CLIENT_ID");
        if (environment.containsKey(SECRET)) {
            return new AzureIdentity.ServicePrincipal(tenant, client, Path.of(needed(SECRET)));
        }
        if (!environment.containsKey(TOKEN)) {
            throw new IllegalArgumentException(
                    "Neither " + TOKEN + " nor " + SECRET
                            + " is set: label the pod azure.workload.identity/use=true, or mount a service principal's password.");
        }
        return new AzureIdentity.Workload(tenant, client, Path.of(needed(TOKEN)));
    }

    private String needed(String name) {
        String value = environment.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " must be set where KAITOFLOW_NODES is azure.");
        }
        return value;
    }

    /** Whether it is the other of two words, and not the usual one. */
    private boolean one(String name, String usual, String other) {
        String value = ControlSettings.text(environment, name, usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" must be " + usual + " or " + other + ".");
        }
        return value.equals(other);
    }
}
