package io.kaitoflow.activities.rollout.cluster.trouble;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.kaitoflow.workflows.failure.FailureKind;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is wrong with a pod, as its own status tells it.
 *
 * @param kind decides how long it is borne, and who can do something about it
 * @param evidence what Kubernetes says, one sentence
 * @param ends how often a container ended already
 */
public record PodTrouble(Kind kind, String evidence, int ends) {

    /** In the order in which a pod meets them. */
    public enum Kind {
        /** The API server allows no pod. */
        FORBIDDEN(FailureKind.CLUSTER_REFUSED),
        /** The scheduler finds no room. */
        UNPLACED(FailureKind.POD_NOT_PLACED),
        /** The kubelet gets no image. */
        IMAGE(FailureKind.IMAGE_UNAVAILABLE),
        /** The container cannot even be made, e.g. for want of a ConfigMap. */
        NOT_MADE(FailureKind.SERVER_NOT_READY),
        /** A container ended. */
        CRASH(FailureKind.SERVER_NOT_READY),
        /** The kernel ended a container for its memory. */
        OUT_OF_MEMORY(FailureKind.MEMORY_TOO_SMALL),
        /** The pod as a whole ended: evicted, or its node went. */
        ENDED(FailureKind.SERVER_NOT_READY);

        private final FailureKind ofServer;

        Kind(FailureKind ofServer) {
            this.ofServer = ofServer;
        }

        /** What a server fails of whose pod is in this trouble. */
        public FailureKind ofServer() {
            return ofServer;
        }
    }

    private static final Set<String> IMAGE_REASONS =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable");
    private static final Set<String> NOT_MADE_REASONS =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError");
    private static final int LONGEST_QUOTE = 400;

    /** Nothing while a pod is on its way, or ready. */
    public static Optional<PodTrouble> of(Pod pod) {
        return of(pod, Instant.EPOCH);
    }

    /** The same without what a container ended of before then; it was started again since, and is another matter. */
    static Optional<PodTrouble> of(Pod pod, Instant earliest) {
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        return containers(status)
                .flatMap(container -> of(container, earliest).stream())
                .findFirst()
                .or(() -> ended(status))
                .or(() -> unplaced(status))
                .map(trouble -> trouble.about(pod));
    }

    /** What keeps a Deployment from having a pod at all, e.g. a quota or a rule of admission. */
    public static Optional<PodTrouble> ofReplicas(Deployment deployment) {
        return Optional.ofNullable(deployment.getStatus())
                .map(DeploymentStatus::getConditions)
                .orElse(List.of())
                .stream()
                .filter(condition ->
                        "ReplicaFailure".equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst()
                .map(condition -> new PodTrouble(
                        Kind.FORBIDDEN,
                        "Deployment " + deployment.getMetadata().getName() + " gets no pod: " + condition.getReason()
                                + ", " + condition.getMessage() + ".",
                        0));
    }

    private static Stream<ContainerStatus> containers(PodStatus status) {
        return Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
                .map(list -> Objects.requireNonNullElse(list, List.<ContainerStatus>of()))
                .flatMap(List::stream);
    }

    private static Optional<PodTrouble> of(ContainerStatus container, Instant earliest) {
        Optional<ContainerStateWaiting> waiting =
                Optional.ofNullable(container.getState()).map(state -> state.getWaiting());
        String reason = waiting.map(ContainerStateWaiting::getReason).orElse("");
        String message = waiting.map(ContainerStateWaiting::getMessage).orElse("");
        if (IMAGE_REASONS.contains(reason)) {
            String said = "cannot get the image " + container.getImage() + ": " + reason + ", " + message;
            return Optional.of(new PodTrouble(Kind.IMAGE, name(container) + said, 0));
        }
        if (NOT_MADE_REASONS.contains(reason)) {
            return Optional.of(
                    new PodTrouble(Kind.NOT_MADE, name(container) + "cannot be made: " + reason + ", " + message, 0));
        }
        return termination(container).filter(end -> !endedBefore(earliest, end)).map(end -> of(container, end));
    }

    /** How it ended now, or before it was started again; one that ended well is no trouble. */
    private static Optional<ContainerStateTerminated> termination(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .filter(Objects::nonNull)
                .map(state -> state.getTerminated())
                .filter(Objects::nonNull)
                .filter(end -> end.getExitCode() == null || end.getExitCode() != 0)
                .findFirst();
    }

    private static boolean endedBefore(Instant earliest, ContainerStateTerminated end) {
        return end.getFinishedAt() != null && Instant.parse(end.getFinishedAt()).isBefore(earliest);
    }

    private static PodTrouble of(ContainerStatus container, ContainerStateTerminated end) {
        int ends = Math.max(1, Objects.requireNonNullElse(container.getRestartCount(), 0));
        boolean memory = "OOMKilled".equals(end.getReason());
        String said = Objects.requireNonNullElse(end.getMessage(), "").strip();
        return new PodTrouble(
                memory ? Kind.OUT_OF_MEMORY : Kind.CRASH,
                name(container)
                        + (memory
                                ? "was ended by the kernel for its memory (OOMKilled)"
                                : "ended with exit code " + end.getExitCode())
                        + (ends > 1 ? ", " + ends + " times" : "")
                        + (said.isEmpty() ? "" : "; it said last: " + lastOf(said)),
                ends);
    }

    private static Optional<PodTrouble> ended(PodStatus status) {
        return Optional.of(status)
                .filter(now -> "Failed".equals(now.getPhase()))
                .map(now -> new PodTrouble(
                        Kind.ENDED,
                        "was ended: " + Objects.requireNonNullElse(now.getReason(), "no reason was given")
                                + (now.getMessage() == null ? "" : ", " + now.getMessage()),
                        1));
    }

    private static Optional<PodTrouble> unplaced(PodStatus status) {
        return Objects.requireNonNullElse(status.getConditions(), List.<PodCondition>of()).stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .findFirst()
                .map(condition -> new PodTrouble(
                        Kind.UNPLACED,
                        "finds no room: " + condition.getReason() + ", "
                                + Objects.requireNonNullElse(condition.getMessage(), ""),
                        0));
    }

    private PodTrouble about(Pod pod) {
        return new PodTrouble(kind, "Pod " + pod.getMetadata().getName() + " " + evidence.strip() + ".", ends);
    }

    private static String name(ContainerStatus container) {
        return "(" + container.getName() + ") ";
    }

    /** The end of a log says more than its beginning. */
    private static String lastOf(String said) {
        String end = said.substring(Math.max(0, said.length() - LONGEST_QUOTE));
        return end.replaceAll("\\s*\\R\\s*", " | ").replaceFirst("\\.$", "");
    }
}
