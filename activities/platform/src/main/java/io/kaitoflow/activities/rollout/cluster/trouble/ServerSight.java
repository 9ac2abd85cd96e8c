package io.kaitoflow.activities.rollout.cluster.trouble;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A server that once answered and does not now, as its Deployment and its pods tell it.
 *
 * @param failure its kind, the evidence and where to read more
 * @param proven whether something is known that speaks against it, and not only that it does not answer
 * @param lasted how long, as far as its Deployment says
 */
public record ServerSight(Failure failure, boolean proven, Duration lasted) {

    /** Clocks of nodes differ a little, and what ended a container is told after it. */
    private static final Duration BEFORE_IT_WAS_SEEN = Duration.ofSeconds(30);

    /** Empty while a pod answers. */
    public static Optional<ServerSight> of(
            WorkspaceId id, Optional<Deployment> deployment, List<Pod> pods, Instant now) {
        if (deployment.isEmpty()) {
            return Optional.of(new ServerSight(gone(id), false, Duration.ZERO));
        }
        return deployment.filter(found -> !answers(found)).map(found -> of(found, pods, now));
    }

    /** Whether it is seen for this long. */
    public boolean lasts(Duration least) {
        return lasted.compareTo(least) >= 0;
    }

    private static ServerSight of(Deployment deployment, List<Pod> pods, Instant now) {
        Optional<Instant> since = unavailable(deployment);
        List<Pod> newestFirst = pods.stream()
                .sorted(Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .reversed())
                .toList();
        Instant earliest = since.map(at -> at.minus(BEFORE_IT_WAS_SEEN)).orElse(Instant.EPOCH);
        Optional<PodTrouble> trouble = newestFirst.stream()
                .filter(pod -> !pod.isMarkedForDeletion() && !isOfAnEarlierOutage(pod, earliest))
                .flatMap(pod -> PodTrouble.of(pod, earliest).stream())
                .findFirst()
                .or(() -> PodTrouble.ofReplicas(deployment));
        Duration lasted = since.map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
        return trouble.map(proof -> new ServerSight(failure(deployment, proof), true, lasted))
                .orElseGet(() -> new ServerSight(silent(deployment, newestFirst), false, lasted));
    }

    private static boolean answers(Deployment deployment) {
        return Optional.ofNullable(deployment.getStatus())
                        .map(DeploymentStatus::getAvailableReplicas)
                        .orElse(0)
                > 0;
    }

    /** Since when no pod answers; not said of one that never did. */
    private static Optional<Instant> unavailable(Deployment deployment) {
        return Optional.ofNullable(deployment.getStatus())
                .map(DeploymentStatus::getConditions)
                .orElse(List.of())
                .stream()
                .filter(condition -> "Available".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(DeploymentCondition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .findFirst();
    }

    /** Evicted pods stay in the books for as long as nobody deletes them. */
    private static boolean isOfAnEarlierOutage(Pod pod, Instant earliest) {
        return "Failed".equals(status(pod).getPhase())
                && readySince(pod).filter(earliest::isAfter).isPresent();
    }

    private static Optional<Instant> readySince(Pod pod) {
        return Objects.requireNonNullElse(status(pod).getConditions(), List.<PodCondition>of()).stream()
                .filter(condition -> "Ready".equals(condition.getType()))
                .map(condition -> condition.getLastTransitionTime())
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .findFirst();
    }

    private static Failure gone(WorkspaceId id) {
        return new Failure(
                FailureKind.SERVER_NOT_READY,
                "The server's Deployment " + id.name()
                        + " is gone; somebody deleted it. kubectl annotate --overwrite workspace " + id.name() + " -n "
                        + id.namespace() + " kaito.sh/retry=$(date +%s) makes it anew.");
    }

    private static Failure failure(Deployment deployment, PodTrouble trouble) {
        return new Failure(trouble.kind().ofServer(), "The server is down. " + trouble.evidence() + where(deployment));
    }

    private static Failure silent(Deployment deployment, List<Pod> pods) {
        Integer wanted = deployment.getSpec().getReplicas();
        String said = wanted != null && wanted == 0
                ? "Somebody scaled its Deployment to no pod."
                : pods.stream().findFirst().map(ServerSight::standing).orElse("It has no pod.");
        return new Failure(FailureKind.SERVER_NOT_READY, "The server does not answer. " + said + where(deployment));
    }

    private static String standing(Pod pod) {
        String containers =
                Objects.requireNonNullElse(status(pod).getContainerStatuses(), List.<ContainerStatus>of()).stream()
                        .filter(container -> !Boolean.TRUE.equals(container.getReady()))
                        .map(ServerSight::standing)
                        .collect(Collectors.joining(", "));
        return "Pod " + pod.getMetadata().getName()
                + (pod.isMarkedForDeletion() ? " is being deleted" : " is not ready")
                + (containers.isEmpty() ? "" : ": " + containers) + ".";
    }

    private static String standing(ContainerStatus container) {
        String reason = Optional.ofNullable(container.getState())
                .map(state -> state.getWaiting())
                .map(waiting -> waiting.getReason())
                .orElse("its readiness probe fails");
        return "container " + container.getName() + ", " + reason;
    }

    private static String where(Deployment deployment) {
        String namespace = deployment.getMetadata().getNamespace();
        String name = deployment.getMetadata().getName();
        return " See: kubectl describe deployment,pods -n " + namespace + " -l kaito.sh/workspace=" + name
                + "; kubectl logs -n " + namespace + " deployment/" + name + " --all-containers --previous.";
    }

    private static PodStatus status(Pod pod) {
        return Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    }
}
