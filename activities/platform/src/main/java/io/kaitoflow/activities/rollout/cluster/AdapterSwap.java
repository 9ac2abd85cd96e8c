package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.trouble.PodTrouble;
import io.kaitoflow.activities.rollout.cluster.trouble.PodWait;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Other adapters for a server that runs, in the pod that runs. What a pod serves stands in its annotation, so the pod gets another
 * one; and the template that its successor would be made of gets the same, in the Deployment and in its ReplicaSet, so that neither
 * a controller nor a node that goes brings the old ones back. The Deployment is paused meanwhile: its controller makes a new pod for
 * a template that no ReplicaSet has, and is let go only when it says that one has it.
 */
final class AdapterSwap {

    private final ClusterObjects objects;
    private final Patience patience;
    private final PodQuestion question;

    AdapterSwap(ClusterObjects objects, Patience patience, PodQuestion question) {
        this.objects = objects;
        this.patience = patience;
        this.question = question;
    }

    /** Whether what is there differs in its adapters alone, or stopped in the middle of such a change. */
    static boolean suits(Deployment found, Deployment wanted) {
        return ServerManifest.rollout(found).equals(ServerManifest.rollout(wanted))
                && (isPaused(found) || !ServerManifest.served(found).equals(ServerManifest.served(wanted)));
    }

    static boolean isPaused(Deployment deployment) {
        return Boolean.TRUE.equals(deployment.getSpec().getPaused());
    }

    /**
     * Returns when the running pods serve what is wanted. Where they do not say so in time they are ended, and their successors will.
     *
     * @throws RolloutException.NotReady when a server refuses its adapters, in its words; it then serves what it served before
     */
    void make(WorkspaceId id, Deployment wanted, Consumer<String> waiting) {
        objects.apply(paused(wanted));
        long end = System.nanoTime() + patience.swap().toNanos();
        new PodWait("The server", patience, waiting).until(() -> {
            tell(id, wanted);
            return System.nanoTime() > end ? ended(id, wanted) : look(id, wanted);
        });
        new PodWait("The Deployment's controller", patience, waiting)
                .until(() -> System.nanoTime() > end || knows(wanted) ? PodWait.Look.done() : PodWait.Look.notYet());
    }

    /** Again at every look, since pods and ReplicaSets may be made meanwhile. */
    private void tell(WorkspaceId id, Deployment wanted) {
        String served = ServerManifest.served(wanted);
        replicaSets(id, wanted).stream()
                .filter(set ->
                        !served.equals(ServerManifest.served(set.getSpec().getTemplate())))
                .forEach(set -> objects.merge(set, "{\"spec\":{\"template\":" + told(served) + "}}"));
        pods(id, wanted).stream()
                .filter(pod -> !served.equals(ServerManifest.served(pod.getMetadata())))
                .forEach(pod -> tell(pod, served));
    }

    /** One that crashes has nothing to lose, and would be judged by what it did with its earlier adapters. */
    private void tell(Pod pod, String served) {
        if (PodTrouble.of(pod).isPresent()) {
            objects.delete(pod);
        } else {
            objects.merge(pod, told(served));
        }
    }

    private PodWait.Look look(WorkspaceId id, Deployment wanted) {
        String revision = AdapterStanding.revisionOf(ServerManifest.served(wanted));
        List<Pod> pods = pods(id, wanted);
        List<Optional<AdapterStanding>> standings =
                pods.stream().map(question::standing).toList();
        standings.stream()
                .flatMap(Optional::stream)
                .filter(standing -> standing.answers(revision))
                .flatMap(standing -> standing.refusal().stream())
                .findFirst()
                .ifPresent(refusal -> {
                    throw new RolloutException.NotReady("The server does not take its adapters: " + refusal);
                });
        boolean served = standings.stream()
                .allMatch(standing ->
                        standing.filter(now -> now.answers(revision)).isPresent());
        return new PodWait.Look(
                served,
                pods.stream()
                        .filter(pod -> !Readiness.isPodReady(pod))
                        .flatMap(pod -> PodTrouble.of(pod).stream())
                        .findFirst());
    }

    private PodWait.Look ended(WorkspaceId id, Deployment wanted) {
        pods(id, wanted).forEach(objects::delete);
        return PodWait.Look.done();
    }

    /** Whether the controller has seen that a ReplicaSet has the template, so that it needs no other. */
    private boolean knows(Deployment wanted) {
        return objects.read(wanted)
                .map(found -> {
                    DeploymentStatus status = Objects.requireNonNullElseGet(found.getStatus(), DeploymentStatus::new);
                    return Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
                                    >= found.getMetadata().getGeneration()
                            && Objects.requireNonNullElse(status.getUpdatedReplicas(), 0) == 1;
                })
                .orElse(true);
    }

    private List<ReplicaSet> replicaSets(WorkspaceId id, Deployment wanted) {
        return objects.replicaSets(id).stream()
                .filter(set -> isOf(set, wanted))
                .filter(set -> Objects.requireNonNullElse(set.getSpec().getReplicas(), 0) > 0)
                .toList();
    }

    private List<Pod> pods(WorkspaceId id, Deployment wanted) {
        return objects.pods(id, Role.SERVER).stream()
                .filter(pod -> isOf(pod, wanted))
                .filter(pod -> !pod.isMarkedForDeletion())
                .toList();
    }

    private static boolean isOf(HasMetadata object, Deployment wanted) {
        return ServerManifest.rollout(wanted)
                .equals(object.getMetadata().getLabels().get(PodLabels.ROLLOUT));
    }

    private static Deployment paused(Deployment wanted) {
        return new DeploymentBuilder(wanted)
                .editSpec()
                .withPaused(true)
                .endSpec()
                .build();
    }

    private static String told(String served) {
        return "{\"metadata\":{\"annotations\":" + ServerManifest.write(Map.of(ServerManifest.SERVED, served)) + "}}";
    }
}
