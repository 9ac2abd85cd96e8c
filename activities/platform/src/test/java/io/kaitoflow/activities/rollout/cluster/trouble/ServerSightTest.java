package io.kaitoflow.activities.rollout.cluster.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerSightTest {

    private static final WorkspaceId ID = new WorkspaceId("team", "geo", "u");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final ContainerState NOTHING = new ContainerState();
    private static final ContainerState RUNS =
            new ContainerStateBuilder().withNewRunning("2026-01-01T11:59:50Z").build();

    @Test
    void aServerThatAnswersIsInNoTroubleWhateverItsPodsEndedOfBefore() {
        Pod restarted = pod("geo-1", RUNS, ended("OOMKilled", 137, NOW.minusSeconds(60)));

        assertThat(ServerSight.of(ID, Optional.of(available()), List.of(restarted), NOW))
                .isEmpty();
    }

    @Test
    void aCrashIsProvenWithExitCodeAndLastWordsAndSaysWhereToReadMore() {
        Pod crashed = pod("geo-1", waiting("CrashLoopBackOff"), ended("Error", 3, NOW.minusSeconds(1)));

        ServerSight sight = seen(downFor(2), crashed);

        assertThat(sight.proven()).isTrue();
        assertThat(sight.failure().kind()).isEqualTo(FailureKind.SERVER_NOT_READY);
        assertThat(sight.failure().message())
                .startsWith("The server is down. Pod geo-1 (server) ended with exit code 3")
                .contains("it said last: The disk is full")
                .contains("kubectl logs -n team deployment/geo --all-containers --previous");
    }

    @Test
    void aKillForMemoryHasItsOwnKind() {
        Pod killed = pod("geo-1", RUNS, ended("OOMKilled", 137, NOW.minusSeconds(1)));

        ServerSight sight = seen(downFor(1), killed);

        assertThat(sight.failure().kind()).isEqualTo(FailureKind.MEMORY_TOO_SMALL);
        assertThat(sight.failure().message()).contains("OOMKilled");
    }

    @Test
    void anImageThatSomebodySetByHandIsNamed() {
        ServerSight sight = seen(downFor(5), pod("geo-2", waiting("ImagePullBackOff"), NOTHING));

        assertThat(sight.proven()).isTrue();
        assertThat(sight.failure().kind()).isEqualTo(FailureKind.IMAGE_UNAVAILABLE);
        assertThat(sight.failure().message()).contains("cannot get the image registry.example/server:1");
    }

    @Test
    void whatAContainerEndedOfBeforeItAnsweredAgainIsNoEvidence() {
        Pod slow = pod("geo-1", RUNS, ended("OOMKilled", 137, NOW.minus(Duration.ofHours(3))));

        ServerSight sight = seen(downFor(40), slow);

        assertThat(sight.proven()).isFalse();
        assertThat(sight.failure().kind()).isEqualTo(FailureKind.SERVER_NOT_READY);
        assertThat(sight.failure().message())
                .startsWith(
                        "The server does not answer. Pod geo-1 is not ready: container server, its readiness probe fails.");
        assertThat(sight.lasts(Duration.ofSeconds(40))).isTrue();
        assertThat(sight.lasts(Duration.ofSeconds(41))).isFalse();
    }

    @Test
    void anEvictionIsToldWhileThePodThatTakesItsPlaceIsOnItsWay() {
        Pod evicted = evicted("geo-1", NOW.minusSeconds(3));
        Pod next = pod("geo-2", waiting("ContainerCreating"), NOTHING);

        ServerSight sight = seen(downFor(3), evicted, next);

        assertThat(sight.proven()).isTrue();
        assertThat(sight.failure().message()).contains("Pod geo-1 was ended: Evicted, The node was low on memory.");
    }

    @Test
    void anEvictionOfYesterdayIsNoEvidence() {
        ServerSight sight = seen(
                downFor(3),
                evicted("geo-1", NOW.minus(Duration.ofDays(1))),
                pod("geo-2", waiting("ContainerCreating"), NOTHING));

        assertThat(sight.proven()).isFalse();
        assertThat(sight.failure().message()).contains("Pod geo-2 is not ready: container server, ContainerCreating.");
    }

    @Test
    void howAPodThatIsDeletedEndsIsNoEvidence() {
        Pod leaving = new PodBuilder(pod("geo-1", NOTHING, ended("Error", 143, NOW.minusSeconds(1))))
                .editMetadata()
                .withDeletionTimestamp(NOW.toString())
                .endMetadata()
                .build();

        ServerSight sight = seen(downFor(1), leaving);

        assertThat(sight.proven()).isFalse();
        assertThat(sight.failure().message()).contains("Pod geo-1 is being deleted");
    }

    @Test
    void aDeploymentThatIsGoneOrScaledToNothingSaysSo() {
        ServerSight gone = ServerSight.of(ID, Optional.empty(), List.of(), NOW).orElseThrow();
        ServerSight scaled = seen(new DeploymentBuilder(downFor(3))
                .editSpec()
                .withReplicas(0)
                .endSpec()
                .build());

        assertThat(gone.proven()).isFalse();
        assertThat(gone.failure().message())
                .contains(
                        "Deployment geo is gone", "kubectl annotate --overwrite workspace geo -n team kaito.sh/retry=");
        assertThat(scaled.failure().message()).contains("Somebody scaled its Deployment to no pod.");
    }

    @Test
    void aQuotaThatAllowsNoPodIsToldInTheClustersWords() {
        Deployment forbidden = new DeploymentBuilder(downFor(3))
                .editStatus()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withReason("FailedCreate")
                .withMessage("exceeded quota: pods")
                .endCondition()
                .endStatus()
                .build();

        ServerSight sight = seen(forbidden);

        assertThat(sight.failure().kind()).isEqualTo(FailureKind.CLUSTER_REFUSED);
        assertThat(sight.failure().message()).contains("exceeded quota: pods");
    }

    private static ServerSight seen(Deployment deployment, Pod... pods) {
        return ServerSight.of(ID, Optional.of(deployment), List.of(pods), NOW).orElseThrow();
    }

    private static Deployment available() {
        return new DeploymentBuilder(downFor(0))
                .withNewStatus()
                .withAvailableReplicas(1)
                .endStatus()
                .build();
    }

    private static Deployment downFor(long seconds) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("geo")
                .withNamespace("team")
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Available")
                .withStatus("False")
                .withLastTransitionTime(NOW.minusSeconds(seconds).toString())
                .endCondition()
                .endStatus()
                .build();
    }

    private static Pod pod(String name, ContainerState state, ContainerState last) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withCreationTimestamp("2026-01-01T00:00:0" + name.charAt(name.length() - 1) + "Z")
                .endMetadata()
                .withNewStatus()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("server")
                .withImage("registry.example/server:1")
                .withReady(false)
                .withRestartCount(1)
                .withState(state)
                .withLastState(last)
                .endContainerStatus()
                .endStatus()
                .build();
    }

    private static Pod evicted(String name, Instant at) {
        return new PodBuilder(pod(name, NOTHING, NOTHING))
                .withNewStatus()
                .withPhase("Failed")
                .withReason("Evicted")
                .withMessage("The node was low on memory")
                .addNewCondition()
                .withType("Ready")
                .withStatus("False")
                .withLastTransitionTime(at.toString())
                .endCondition()
                .endStatus()
                .build();
    }

    private static ContainerState waiting(String reason) {
        return new ContainerStateBuilder().withNewWaiting("", reason).build();
    }

    private static ContainerState ended(String reason, int code, Instant at) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withReason(reason)
                .withExitCode(code)
                .withMessage(code == 3 ? "The disk is full." : "")
                .withFinishedAt(at.toString())
                .endTerminated()
                .build();
    }
}
