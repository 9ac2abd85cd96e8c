package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What controllers do in a real cluster, where a test has an API server alone. */
public final class PlayedControllers {

    private PlayedControllers() {}

    /** Makes the account that pods of a new namespace run as. */
    public static void admitPods(KubernetesClient client, String namespace) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Says of a Deployment of one pod that it is rolled out and how many of its pods answer. */
    public static void rollOut(KubernetesClient client, Deployment server, int answering) {
        client.resource(new DeploymentBuilder(server)
                        .withNewStatus()
                        .withObservedGeneration(server.getMetadata().getGeneration())
                        .withReplicas(1)
                        .withUpdatedReplicas(1)
                        .withReadyReplicas(answering)
                        .withAvailableReplicas(answering)
                        .endStatus()
                        .build())
                .updateStatus();
    }
}
