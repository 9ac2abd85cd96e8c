package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;

/** Says of every server that it is ready; none is started, since nothing of what is proved here depends on its answers. */
final class PretendDeployments {

    private final KubernetesClient client;

    PretendDeployments(KubernetesClient client) {
        this.client = client;
    }

    /** Does what is to be done now. */
    void look(List<Deployment> all) {
        all.stream()
                .filter(deployment -> !deployment.isMarkedForDeletion() && !ready(deployment))
                .forEach(this::finish);
    }

    List<Deployment> deployments() {
        return client.apps().deployments().inAnyNamespace().list().getItems();
    }

    static boolean ready(Deployment deployment) {
        return deployment.getStatus() != null
                && Objects.requireNonNullElse(deployment.getStatus().getObservedGeneration(), 0L)
                        >= deployment.getMetadata().getGeneration();
    }

    private void finish(Deployment deployment) {
        long generation = deployment.getMetadata().getGeneration();
        client.resource(new DeploymentBuilder(deployment)
                        .withNewStatus()
                        .withObservedGeneration(generation)
                        .withReplicas(1)
                        .withUpdatedReplicas(1)
                        .withReadyReplicas(1)
                        .withAvailableReplicas(1)
                        .endStatus()
                        .build())
                .updateStatus();
    }
}
