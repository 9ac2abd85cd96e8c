package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Controllers;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kubernetes' own controllers make no pod for other adapters, and the next pod is made with them; the kubelet is played. */
@ExtendWith(WithApiServer.class)
class RealControllersIT {

    private static final int OFTEN = 10;

    private final Controllers controllers;
    private final Stage stage;

    RealControllersIT(ApiServer server) {
        controllers = Controllers.start(server, "deployment-controller", "replicaset-controller");
        stage = Stage.on(server, false);
    }

    @AfterEach
    void close() {
        stage.close();
        controllers.close();
    }

    private void serve(String adapter) {
        Stage.rollout(stage.client(), Stage.PATIENT).roll(stage.serving(Stage.adapter(adapter)), () -> {});
    }

    private String served() {
        return ServerManifest.served(stage.pod("server").orElseThrow().getMetadata());
    }

    private long replicaSets() {
        return stage.client()
                .apps()
                .replicaSets()
                .inNamespace(stage.id().namespace())
                .list()
                .getItems()
                .size();
    }

    @Test
    void otherAdaptersNeedNoOtherPodHoweverOftenTheyChange() {
        serve("first");
        Optional<String> pod = stage.uid("server");

        for (int change = 0; change < OFTEN; change++) {
            serve("other-" + change % 3);
        }
        serve("first");

        assertThat(stage.uid("server")).isPresent().isEqualTo(pod);
        assertThat(served()).contains("\"first\"");
        assertThat(replicaSets()).isEqualTo(1);
    }

    @Test
    void aPodThatIsMadeLaterHasTheAdaptersOfTheOneBefore() {
        serve("first");
        serve("other");
        String before = stage.uid("server").orElseThrow();

        stage.client().resource(stage.pod("server").orElseThrow()).delete();

        await().atMost(Stage.LONG)
                .ignoreExceptions()
                .until(() ->
                        stage.uid("server").filter(uid -> !uid.equals(before)).isPresent());
        assertThat(served()).contains("\"other\"");
    }

    @Test
    void theServerOfBeforeAnswersOnItsMachineUntilTheNextOneDoesOnAnother() throws InterruptedException {
        serve("first");
        stage.cluster().fate(startingOn("node-b"));
        CompletableFuture<Endpoint> rolled =
                CompletableFuture.supplyAsync(() -> patient().roll(stage.servingAnotherModelBeside(), () -> {}));
        await().atMost(Stage.LONG).until(() -> nodes().equals(Set.of("node-a", "node-b")));
        assertThat(ready()).isEqualTo(1);

        stage.cluster().fate(Fates.allWell());
        while (!rolled.isDone()) {
            assertThat(ready()).isPositive();
            Thread.sleep(Stage.BRISK.lookAgain());
        }

        assertThat(rolled.join().remark()).isEmpty();
        await().atMost(Stage.LONG).until(() -> nodes().equals(Set.of("node-b")));
        assertThat(served()).contains("\"another\"");
    }

    @Test
    void aNextServerThatDoesNotComeUpGoesAndTheOneOfBeforeWasNeverTouched() {
        serve("first");
        Optional<String> before = stage.uid("server");
        stage.cluster().fate(pod -> Optional.of(isOn("node-b", pod) ? Fates.crashing(pod) : Fates.ready(pod)));

        Endpoint endpoint = patient().roll(stage.servingAnotherModelBeside(), () -> {});

        assertThat(endpoint.remark().orElseThrow())
                .contains("does not come up", "What served before serves again: first");
        await().atMost(Stage.LONG).until(() -> nodes().equals(Set.of("node-a")));
        assertThat(stage.uid("server")).isEqualTo(before);
        assertThat(patient().servedInPlace(stage.serving(Stage.adapter("first"))))
                .isTrue();
    }

    @Test
    void aChangeThatIsTakenBackHalfwayLeavesTheServerOfBeforeWhereItIs() {
        serve("first");
        Optional<String> before = stage.uid("server");
        stage.cluster().fate(startingOn("node-b"));
        assertThatThrownBy(() -> patient().roll(stage.servingAnotherModelBeside(), () -> {
                    if (nodes().size() == 2) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();

        assertThat(patient().servedInPlace(stage.serving(Stage.adapter("first"))))
                .isTrue();
        serve("first");

        await().atMost(Stage.LONG).until(() -> nodes().equals(Set.of("node-a")));
        assertThat(stage.uid("server")).isEqualTo(before);
    }

    @Test
    void whoeverOvertakesAServerThatJustBecameReadyTakesItsPlace() {
        serve("first");
        patient().roll(stage.servingAnotherModelBeside(), () -> {});

        RollInput overtaking = Stage.serving(stage.id(), Stage.lease("node-b"), List.of(Stage.adapter("first")))
                .beside(Stage.lease());
        patient().roll(overtaking, () -> {});

        await().atMost(Stage.LONG).until(() -> nodes().equals(Set.of("node-b")));
        assertThat(served()).contains("\"first\"").doesNotContain("\"another\"");
    }

    @Test
    void onlyWhatAServerDoesNotTakeWhileItRunsNeedsAnother() {
        serve("first");

        assertThat(patient().servedInPlace(stage.serving(Stage.adapter("first"))))
                .isTrue();
        assertThat(patient().servedInPlace(stage.serving(Stage.adapter("other"))))
                .isTrue();
        assertThat(patient().servedInPlace(stage.servingAnotherModel())).isFalse();
    }

    private Rollout patient() {
        return Stage.rollout(stage.client(), Stage.PATIENT);
    }

    private static Function<Pod, Optional<PodStatus>> startingOn(String node) {
        return pod -> Optional.of(isOn(node, pod) ? Fates.starting(pod) : Fates.ready(pod));
    }

    private static boolean isOn(String node, Pod pod) {
        return node.equals(pod.getSpec().getNodeName());
    }

    private Stream<Pod> pods() {
        return stage.cluster().pods().stream().filter(pod -> !pod.isMarkedForDeletion());
    }

    private Set<String> nodes() {
        return pods().flatMap(pod -> Stream.ofNullable(pod.getSpec().getNodeName()))
                .collect(Collectors.toSet());
    }

    private long ready() {
        return pods().filter(Readiness::isPodReady).count();
    }

    @Test
    void anotherModelGetsAnotherPodAlsoAfterAdaptersChanged() {
        serve("first");
        serve("other");
        Optional<String> before = stage.uid("server");

        Stage.rollout(stage.client(), Stage.PATIENT).roll(stage.servingAnotherModel(), () -> {});

        assertThat(stage.uid("server")).isPresent().isNotEqualTo(before);
        assertThat(served()).contains("\"another\"");
    }
}
