package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.trouble.PodTrouble;
import io.kaitoflow.activities.rollout.cluster.trouble.PodWait;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Servers as Deployments of one pod. */
final class Servers {

    private final ClusterObjects objects;
    private final ServerManifests manifests;
    private final Sweep sweep;
    private final AdapterSwap swap;
    private final Patience patience;

    Servers(ClusterObjects objects, ClusterSettings settings, PodQuestion question) {
        this.objects = objects;
        this.manifests = new ServerManifests(settings);
        this.patience = settings.patience();
        this.sweep = new Sweep(patience);
        this.swap = new AdapterSwap(objects, patience, question);
    }

    /** Returns when a pod of exactly this input is ready. One that runs for it already, or for other adapters, is kept. */
    void run(RollInput input, Consumer<String> waiting) {
        Deployment wanted = manifests.deployment(anotherStandsElsewhere(input) ? input.on(input.lease()) : input);
        clearNamesake(input.id(), wanted);
        if (objects.read(wanted)
                .filter(found -> AdapterSwap.suits(found, wanted))
                .isPresent()) {
            swap.make(input.id(), wanted, waiting);
        }
        objects.apply(wanted);
        new PodWait("The server", patience, waiting).until(() -> look(input.id(), wanted));
    }

    /** Whether a pod of exactly this input is there, or takes it without being made anew. */
    boolean stands(RollInput input) {
        Deployment wanted = manifests.deployment(input);
        String rollout = ServerManifest.rollout(wanted);
        return objects.read(wanted)
                        .filter(found -> PodLabels.owns(input.id(), found))
                        .filter(found -> rollout.equals(ServerManifest.rollout(found)))
                        .isPresent()
                || livePods(input.id()).anyMatch(pod -> rollout.equals(rollout(pod)));
    }

    /**
     * Whether a server answers that is neither wanted nor the one that stands where it may: what a change left that was overtaken by
     * this one. It has the devices that are wanted now, and would never make room for its successor.
     */
    private boolean anotherStandsElsewhere(RollInput input) {
        String rollout = ServerManifest.rollout(manifests.deployment(input));
        return input.standing()
                .map(LeasedNode::of)
                .filter(first -> livePods(input.id())
                        .filter(Readiness::isPodReady)
                        .anyMatch(pod -> !rollout.equals(rollout(pod))
                                && !first.name().equals(pod.getSpec().getNodeName())))
                .isPresent();
    }

    private Stream<Pod> livePods(WorkspaceId id) {
        return objects.pods(id, Role.SERVER).stream().filter(pod -> !pod.isMarkedForDeletion());
    }

    private static String rollout(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault(PodLabels.ROLLOUT, "");
    }

    void stop(WorkspaceId id, HasMetadata deployment) {
        sweep.of(
                "the server",
                () -> Stream.of(
                                objects.read(deployment).filter(found -> PodLabels.owns(id, found)).stream(),
                                objects.replicaSets(id).stream(),
                                objects.pods(id, Role.SERVER).stream())
                        .flatMap(kind -> kind.map(HasMetadata.class::cast))
                        .toList(),
                objects::delete,
                objects::deleteOffSilentNode);
    }

    private PodWait.Look look(WorkspaceId id, Deployment wanted) {
        Optional<Deployment> found = objects.read(wanted);
        if (found.filter(deployment -> isLike(deployment, wanted)).isEmpty()) {
            // Somebody deleted or changed it meanwhile.
            objects.apply(wanted);
            return PodWait.Look.notYet();
        }
        Optional<PodTrouble> trouble = ofNewestPod(id, ServerManifest.rollout(wanted));
        return new PodWait.Look(
                ready(found.orElseThrow()), trouble.or(() -> PodTrouble.ofReplicas(found.orElseThrow())));
    }

    private static boolean isLike(Deployment found, Deployment wanted) {
        return ServerManifest.rollout(found).equals(ServerManifest.rollout(wanted))
                && ServerManifest.served(found).equals(ServerManifest.served(wanted))
                && !AdapterSwap.isPaused(found);
    }

    /** Of the newest pod: an evicted one stays beside the one that takes its place. */
    private Optional<PodTrouble> ofNewestPod(WorkspaceId id, String rollout) {
        return livePods(id)
                .filter(pod -> rollout.equals(rollout(pod)))
                .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                .flatMap(PodTrouble::of);
    }

    /** Whether the newest template is the one that answers, and the only one. */
    private static boolean ready(Deployment deployment) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
        return observed >= deployment.getMetadata().getGeneration()
                && count(status.getUpdatedReplicas()) == 1
                && count(status.getReplicas()) == 1
                && count(status.getAvailableReplicas()) == 1;
    }

    private static int count(Integer replicas) {
        return Objects.requireNonNullElse(replicas, 0);
    }

    /** Of a workspace by that name that is gone: its selector would be another one, and that cannot be changed. */
    private void clearNamesake(WorkspaceId id, Deployment wanted) {
        objects.read(wanted).filter(found -> !PodLabels.owns(id, found)).ifPresent(found -> {
            if (!PodLabels.ours(found)) {
                throw new RolloutException.Refused(
                        "Deployment " + wanted.getMetadata().getName()
                                + " is somebody else's and has the server's name; delete it, or rename the Workspace.");
            }
            sweep.of(
                    "a namesake's server",
                    () -> objects.read(wanted).stream()
                            .filter(left -> !PodLabels.owns(id, left))
                            .map(HasMetadata.class::cast)
                            .toList(),
                    objects::delete);
        });
    }
}
