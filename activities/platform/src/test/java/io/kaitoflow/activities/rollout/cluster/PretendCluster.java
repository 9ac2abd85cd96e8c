package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Plays the Deployment and ReplicaSet controllers, the scheduler and the kubelet in one namespace of a real API server. What becomes
 * of a pod is said by the test.
 */
final class PretendCluster implements AutoCloseable {

    private static final long TICK_MILLIS = 20;
    private static final String NODE = "node-a";

    private final KubernetesClient client;
    private final String namespace;
    private final boolean controllers;
    private final Thread player;
    private volatile Function<Pod, Optional<PodStatus>> fate = Fates.allWell();
    private volatile boolean terminates = true;
    private volatile boolean closed;

    PretendCluster(KubernetesClient client, String namespace) {
        this(client, namespace, true);
    }

    /** @param controllers whether those of Deployments and ReplicaSets are played too, and not real ones */
    PretendCluster(KubernetesClient client, String namespace, boolean controllers) {
        this.controllers = controllers;
        this.client = client;
        this.namespace = namespace;
        this.player = Thread.ofPlatform().daemon().name("cluster-" + namespace).start(this::play);
    }

    /** @param next status of each pod from now on; empty leaves it without a node */
    void fate(Function<Pod, Optional<PodStatus>> next) {
        fate = next;
    }

    /** A kubelet that is gone ends no pod. */
    void terminates(boolean now) {
        terminates = now;
    }

    private void play() {
        while (!closed) {
            try {
                if (controllers) {
                    deployments().forEach(this::deploy);
                    replicaSets().forEach(this::replicate);
                }
                pods().forEach(this::run);
                claims().forEach(this::letGo);
                if (controllers) {
                    deployments().forEach(this::tell);
                }
                Thread.sleep(TICK_MILLIS);
            } catch (KubernetesClientException changedMeanwhile) {
                // As any controller: the next round sees how things are now.
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** As Recreate does: the next ReplicaSet only when no pod of another is left. */
    private void deploy(Deployment deployment) {
        String wanted = ServerManifest.rollout(deployment);
        List<ReplicaSet> others = replicaSets().stream()
                .filter(set -> owner(set).equals(deployment.getMetadata().getUid()))
                .filter(set -> !wanted.equals(rollout(set)))
                .toList();
        others.forEach(set -> client.resource(set).delete());
        pods().stream()
                .filter(pod -> others.stream().anyMatch(set -> rollout(set).equals(rollout(pod))))
                .filter(pod -> !pod.isMarkedForDeletion())
                .forEach(pod -> client.resource(pod).delete());
        boolean occupied = pods().stream().anyMatch(pod -> isServer(pod) && !wanted.equals(rollout(pod)));
        boolean there = replicaSets().stream().anyMatch(set -> wanted.equals(rollout(set)));
        if (!occupied && !there) {
            client.resource(replicaSet(deployment)).create();
        }
    }

    private ReplicaSet replicaSet(Deployment deployment) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName(deployment.getMetadata().getName() + "-" + ServerManifest.rollout(deployment))
                .withNamespace(namespace)
                .withLabels(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .addToAnnotations("owner", deployment.getMetadata().getUid())
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withSelector(deployment.getSpec().getSelector())
                .withTemplate(deployment.getSpec().getTemplate())
                .endSpec()
                .build();
    }

    private void replicate(ReplicaSet set) {
        boolean there =
                pods().stream().anyMatch(pod -> rollout(set).equals(rollout(pod)) && !pod.isMarkedForDeletion());
        if (there) {
            return;
        }
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(set.getMetadata().getName() + "-"
                                + UUID.randomUUID().toString().substring(0, 5))
                        .withNamespace(namespace)
                        .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                        .withAnnotations(
                                set.getSpec().getTemplate().getMetadata().getAnnotations())
                        .endMetadata()
                        .withSpec(set.getSpec().getTemplate().getSpec())
                        .build())
                .create();
    }

    private void run(Pod pod) {
        if (pod.isMarkedForDeletion()) {
            if (terminates) {
                client.resource(pod).withGracePeriod(0).delete();
            }
            return;
        }
        Optional<PodStatus> next = fate.apply(pod);
        if (next.isPresent() && pod.getSpec().getNodeName() == null && !Fates.isUnplaced(next.get())) {
            client.bindings().resource(binding(pod)).create();
            return;
        }
        next.ifPresent(status ->
                client.resource(new PodBuilder(pod).withStatus(status).build()).updateStatus());
    }

    /** As the controller does that protects claims which pods use. */
    private void letGo(PersistentVolumeClaim claim) {
        String name = claim.getMetadata().getName();
        boolean used = pods().stream()
                .flatMap(pod -> pod.getSpec().getVolumes().stream())
                .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                        && name.equals(volume.getPersistentVolumeClaim().getClaimName()));
        if (claim.isMarkedForDeletion() && !used && terminates) {
            client.resource(claim)
                    .edit(held -> new PersistentVolumeClaimBuilder(held)
                            .editMetadata()
                            .withFinalizers()
                            .endMetadata()
                            .build());
        }
    }

    List<PersistentVolumeClaim> claims() {
        return client.persistentVolumeClaims().inNamespace(namespace).list().getItems();
    }

    private Binding binding(Pod pod) {
        return new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(namespace)
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(node(pod))
                .endTarget()
                .build();
    }

    /** Where it has to run. */
    private static String node(Pod pod) {
        return Optional.ofNullable(pod.getSpec().getAffinity())
                .map(affinity -> affinity.getNodeAffinity())
                .map(nodes -> nodes.getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms()
                        .getFirst()
                        .getMatchFields()
                        .getFirst()
                        .getValues()
                        .getFirst())
                .orElse(NODE);
    }

    private void tell(Deployment deployment) {
        List<Pod> mine = pods().stream()
                .filter(PretendCluster::isServer)
                .filter(pod -> !pod.isMarkedForDeletion())
                .toList();
        int updated = (int) mine.stream()
                .filter(pod -> ServerManifest.rollout(deployment).equals(rollout(pod)))
                .count();
        int available = (int) mine.stream().filter(Readiness::isPodReady).count();
        client.resource(new DeploymentBuilder(deployment)
                        .editOrNewStatus()
                        .withObservedGeneration(deployment.getMetadata().getGeneration())
                        .withReplicas(mine.size())
                        .withUpdatedReplicas(updated)
                        .withReadyReplicas(available)
                        .withAvailableReplicas(available)
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private List<Deployment> deployments() {
        return client.apps().deployments().inNamespace(namespace).list().getItems();
    }

    private List<ReplicaSet> replicaSets() {
        return client.apps().replicaSets().inNamespace(namespace).list().getItems();
    }

    List<Pod> pods() {
        return client.pods().inNamespace(namespace).list().getItems();
    }

    private static boolean isServer(Pod pod) {
        return "server".equals(pod.getMetadata().getLabels().get(PodLabels.ROLE));
    }

    private static String rollout(io.fabric8.kubernetes.api.model.HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels().get(PodLabels.ROLLOUT), "");
    }

    private static String owner(ReplicaSet set) {
        return set.getMetadata().getAnnotations().getOrDefault("owner", "");
    }

    @Override
    public void close() {
        closed = true;
        player.interrupt();
        try {
            player.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
