package io.kaitoflow.activities.nodes.azure;

import java.nio.file.Path;

/** Who asks Azure. Holds no secret: those lie in files, and are read when they are needed. */
public sealed interface AzureIdentity {

    String tenant();

    /**
     * The identity that the cluster gives to the pod.
     *
     * @param token the file that the workload identity webhook mounts
     */
    record Workload(String tenant, String client, Path token) implements AzureIdentity {}

    /**
     * An application with a password.
     *
     * @param secret the file that holds it
     */
    record ServicePrincipal(String tenant, String client, Path secret) implements AzureIdentity {}
}
