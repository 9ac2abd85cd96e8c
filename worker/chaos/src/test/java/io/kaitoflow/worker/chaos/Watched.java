package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The API server's objects as its watches tell of them, since asking ten times a second would cost it more than all that is tried here. */
final class Watched implements AutoCloseable {

    private final SharedIndexInformer<Workspace> workspaces;
    private final SharedIndexInformer<NodeClaim> claims;
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<Pod> tuners;
    private final SharedIndexInformer<Deployment> deployments;

    /** Returns when all are known. */
    Watched(KubernetesClient client) {
        workspaces = client.resources(Workspace.class).inAnyNamespace().inform();
        claims = client.resources(NodeClaim.class).inform();
        nodes = client.nodes().inform();
        tuners = client.pods()
                .inAnyNamespace()
                .withLabel(PretendKubelet.ROLE, PretendKubelet.TUNER)
                .inform();
        deployments = client.apps().deployments().inAnyNamespace().inform();
    }

    Optional<Workspace> find(Job job) {
        return workspaces.getStore().list().stream()
                .filter(workspace -> workspace.getMetadata().getName().equals(job.name())
                        && workspace.getMetadata().getNamespace().equals(job.namespace()))
                .findFirst();
    }

    List<NodeClaim> claims() {
        return claims.getStore().list();
    }

    /** Names of all machines. */
    Set<String> nodes() {
        return nodes.getStore().list().stream()
                .map(node -> node.getMetadata().getName())
                .collect(Collectors.toUnmodifiableSet());
    }

    List<Pod> tuners() {
        return tuners.getStore().list();
    }

    List<Deployment> deployments() {
        return deployments.getStore().list();
    }

    @Override
    public void close() {
        Stream.of(workspaces, claims, nodes, tuners, deployments).forEach(SharedIndexInformer::stop);
    }
}
