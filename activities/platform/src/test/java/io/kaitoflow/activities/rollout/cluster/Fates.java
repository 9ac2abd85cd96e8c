package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What kubelets and schedulers report of pods, in the words of real ones. */
final class Fates {

    private Fates() {}

    static Function<Pod, Optional<PodStatus>> allWell() {
        return pod -> Optional.of(ready(pod));
    }

    /** The same for every pod. */
    static Function<Pod, Optional<PodStatus>> always(Function<Pod, PodStatus> fate) {
        return pod -> Optional.of(fate.apply(pod));
    }

    static PodStatus ready(Pod pod) {
        return status(pod, "Running", "True", running(), new ContainerState(), 0);
    }

    /** With an address, as every pod has that runs. */
    static PodStatus reachable(Pod pod) {
        return new PodStatusBuilder(ready(pod)).withPodIP("10.1.2.3").build();
    }

    static PodStatus starting(Pod pod) {
        return status(pod, "Pending", "False", waiting("ContainerCreating", ""), new ContainerState(), 0);
    }

    static PodStatus withoutImage(Pod pod) {
        return status(
                pod,
                "Pending",
                "False",
                waiting("ImagePullBackOff", "Back-off pulling image: 401 Unauthorized"),
                new ContainerState(),
                0);
    }

    /** Ended four times. */
    static PodStatus crashing(Pod pod) {
        return status(
                pod,
                "Running",
                "False",
                waiting("CrashLoopBackOff", "back-off 40s restarting failed container"),
                ended("Error", 3, "Reading the model\nThe adapter does not fit the model."),
                4);
    }

    static PodStatus outOfMemory(Pod pod) {
        return status(
                pod,
                "Running",
                "False",
                waiting("CrashLoopBackOff", "back-off 40s restarting failed container"),
                ended("OOMKilled", 137, ""),
                3);
    }

    /** As a pod that is never restarted ends. */
    static PodStatus failed(Pod pod) {
        return status(
                pod, "Failed", "False", ended("Error", 1, "No Temporal server answers."), new ContainerState(), 0);
    }

    /** As a pod that does its work and ends. */
    static PodStatus saying(Pod pod, String message) {
        return status(pod, "Succeeded", "False", ended("Completed", 0, message), new ContainerState(), 0);
    }

    static PodStatus outOfMemoryForGood(Pod pod) {
        return status(pod, "Failed", "False", ended("OOMKilled", 137, ""), new ContainerState(), 0);
    }

    /** As a kubelet ends what runs for too long. */
    static PodStatus tooLate(Pod pod) {
        return new PodStatusBuilder()
                .withPhase("Failed")
                .withReason("DeadlineExceeded")
                .withMessage("Pod was active on the node longer than the specified deadline")
                .build();
    }

    static PodStatus unplaced(Pod pod) {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("0/1 nodes are available: 1 Insufficient memory.")
                .endCondition()
                .build();
    }

    static boolean isUnplaced(PodStatus status) {
        return status.getContainerStatuses().isEmpty();
    }

    private static PodStatus status(
            Pod pod, String phase, String ready, ContainerState state, ContainerState last, int restarts) {
        return new PodStatusBuilder()
                .withPhase(phase)
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("True")
                .endCondition()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .endCondition()
                .withContainerStatuses(List.of(container(pod, ready, state, last, restarts)))
                .build();
    }

    private static ContainerStatus container(
            Pod pod, String ready, ContainerState state, ContainerState last, int restarts) {
        var container = pod.getSpec().getContainers().getFirst();
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withReady("True".equals(ready))
                .withRestartCount(restarts)
                .withState(state)
                .withLastState(last)
                .build();
    }

    private static ContainerState running() {
        return new ContainerStateBuilder()
                .withNewRunning("2026-01-01T00:00:00Z")
                .build();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder().withNewWaiting(message, reason).build();
    }

    private static ContainerState ended(String reason, int code, String message) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withReason(reason)
                .withExitCode(code)
                .withMessage(message)
                .endTerminated()
                .build();
    }
}
