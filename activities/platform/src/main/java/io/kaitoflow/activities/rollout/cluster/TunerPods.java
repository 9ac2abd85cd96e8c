package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.trouble.PodTrouble;
import io.kaitoflow.activities.rollout.cluster.trouble.PodWait;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.TunerEnd;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Tuners as bare pods, at most one a workspace. */
final class TunerPods {

    private final ClusterObjects objects;
    private final TunerManifest manifest;
    private final TunerAccess access;
    private final boolean walled;
    private final Sweep sweep;
    private final Patience patience;

    TunerPods(ClusterObjects objects, ClusterSettings settings, TunerAccess access) {
        this.objects = objects;
        this.manifest = new TunerManifest(settings);
        this.access = access;
        this.walled = settings.pods().walled();
        this.patience = settings.patience();
        this.sweep = new Sweep(patience);
    }

    /** Returns its pod's name when it polls its queue. A pod of this attempt is kept, one of another is ended first. */
    String start(TunerInput input, Consumer<String> waiting) {
        return start(input.id(), manifest.pod(input), Optional.of(LeasedNode.of(input.lease())), waiting);
    }

    /** The same of one that only pushes, on no machine of its own. */
    String start(PusherInput input, Consumer<String> waiting) {
        return start(input.id(), manifest.pusher(input), Optional.empty(), waiting);
    }

    private String start(WorkspaceId id, Pod wanted, Optional<LeasedNode> machine, Consumer<String> waiting) {
        String name = wanted.getMetadata().getName();
        sweep.of(
                "the tuner of another attempt",
                () -> objects.pods(id, Role.TUNER).stream()
                        .filter(pod -> !name.equals(pod.getMetadata().getName()))
                        .map(HasMetadata.class::cast)
                        .toList(),
                objects::delete);
        letIn(id);
        new PodWait("The tuner", patience, waiting).until(() -> look(id, wanted, machine));
        return name;
    }

    /** Before its pod is there, which would wait for the Secret without end; somebody else's of that name is left alone. */
    private void letIn(WorkspaceId id) {
        Map<String, String> files = access.files(id);
        if (!files.isEmpty()) {
            objects.applyOwn(id, manifest.access(id, files));
        }
        if (walled) {
            objects.applyOwn(id, manifest.network(id, objects.apiServer()));
        }
    }

    /** What its pods tell, as long as they are there. */
    TunerEnd end(WorkspaceId id) {
        List<Pod> pods = objects.pods(id, Role.TUNER);
        boolean gone = pods.stream().noneMatch(TunerPods::takesWork);
        return pods.stream()
                .flatMap(pod -> PodTrouble.of(pod).stream())
                .findFirst()
                .map(trouble -> new TunerEnd(trouble.kind() == PodTrouble.Kind.OUT_OF_MEMORY, trouble.evidence(), gone))
                .orElseGet(() -> gone ? TunerEnd.vanished(lastSeen(pods)) : TunerEnd.unknown());
    }

    /** A pod whose machine fell silent stands there for minutes, but is not ready any more. */
    private static boolean takesWork(Pod pod) {
        return !pod.isMarkedForDeletion() && Readiness.isPodReady(pod);
    }

    private static String lastSeen(List<Pod> pods) {
        return pods.isEmpty()
                ? "The tuner's pod is gone."
                : "Pod " + pods.getFirst().getMetadata().getName() + " is not ready any more.";
    }

    void stop(WorkspaceId id) {
        sweep.of(
                "the tuner",
                () -> objects.pods(id, Role.TUNER).stream()
                        .map(HasMetadata.class::cast)
                        .toList(),
                objects::delete,
                objects::deleteOffSilentNode);
    }

    private PodWait.Look look(WorkspaceId id, Pod wanted, Optional<LeasedNode> machine) {
        return objects.standing(id, wanted, Role.TUNER)
                .map(pod -> look(pod, machine))
                .orElseGet(PodWait.Look::notYet);
    }

    private PodWait.Look look(Pod pod, Optional<LeasedNode> machine) {
        refuseEnded(pod);
        machine.ifPresent(leased -> refuseWithoutMachine(pod, leased));
        return new PodWait.Look(Readiness.isPodReady(pod), PodTrouble.of(pod));
    }

    /** A pod that is bound goes with its machine; one that is not yet would wait for it for ever. */
    private void refuseWithoutMachine(Pod pod, LeasedNode machine) {
        if (pod.getSpec().getNodeName() == null && !objects.hasNode(machine.name())) {
            throw new RolloutException.NotPlaced("Node " + machine.name() + " went before the tuner was placed there.");
        }
    }

    /** It is never restarted in place, so its end is final: the evidence is told, and the next attempt gets a pod of its own. */
    private static void refuseEnded(Pod pod) {
        if (ClusterObjects.hasEnded(pod)) {
            String evidence = PodTrouble.of(pod)
                    .map(PodTrouble::evidence)
                    .orElse("Pod " + pod.getMetadata().getName() + " ended by itself.");
            throw new RolloutException.NotStarted("The tuner ended before it took any work. " + evidence);
        }
    }
}
