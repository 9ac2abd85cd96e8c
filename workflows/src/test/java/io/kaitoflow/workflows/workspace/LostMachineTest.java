package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Machines that go, or fall silent, under a server. */
class LostMachineTest extends WorkspaceTest {

    private static final String GONE = "NodeClaim ws1 for a sku-a is gone although nobody of ours deleted it.";

    @Test
    @Recorded
    void aMachineThatIsGoneUnderAServerIsReplacedByOneAndTheServerRolledOutThere() throws InterruptedException {
        serve();
        world.refuse("observe", FailureKind.NODE_NOT_READY, GONE);
        workflow.nodeObserved("ws1");

        WorkspaceSnapshot lost = awaitPhase(Phase.Provisioning.class);
        assertThat(((Phase.Provisioning) lost.phase()).reason())
                .isEqualTo("The machine was lost and another takes its place. " + GONE);
        assertThat(lost.nodes()).isEmpty();
        assertThat(lost.endpoint()).isEmpty();
        WorkspaceSnapshot healed = awaitPhase(Phase.Serving.class);

        assertThat(healed.nodes()).containsExactly("node-2");
        assertThat(healed.attempts()).extracting("answer").containsExactly("The machine was lost. " + GONE);
        assertThat(world.calls())
                .containsSubsequence("observe", "release 1", "retire", "claim sku-a", "roll")
                .doesNotContain("tune /1", "release 2");
        assertThat(claims()).hasSize(1);
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    void theMeterStopsWithTheLostMachineAndGoesOnWithTheNext() throws InterruptedException {
        serve();
        environment.sleep(Duration.ofHours(1));
        world.refuse("observe", FailureKind.NODE_NOT_READY, GONE);
        world.goneAfterReleases(3);
        workflow.nodeObserved("ws1");

        Spending spending =
                awaitPhase(Phase.Serving.class).account().orElseThrow().spending();

        assertThat(spending.settledUsd().doubleValue()).isBetween(3.67, 3.9);
        assertThat(spending.running()).isTrue();
    }

    @Test
    void aMachineThatIsSilentForAWhileIsKeptAndItsServerLookedAtAgain() throws InterruptedException {
        serve();
        world.readyAfterLooks(3);
        workflow.nodeObserved("ws1");

        WorkspaceSnapshot silent = awaitPhase(Phase.Provisioning.class);
        assertThat(((Phase.Provisioning) silent.phase()).reason())
                .isEqualTo("The machine does not answer; another takes its place unless it does within 5 minutes.");
        assertThat(silent.nodes()).isEmpty();
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).contains("roll").doesNotContain("release 1", "retire");
        assertThat(claims()).isEmpty();
    }

    @Test
    @Recorded
    void aMachineThatStaysSilentIsReplaced() throws InterruptedException {
        serve();
        world.readyAfterLooks(13);
        workflow.nodeObserved("ws1");
        environment.sleep(Duration.ofMinutes(7));

        awaitSnapshot(told ->
                told.phase() instanceof Phase.Serving && !told.attempts().isEmpty());

        assertThat(world.calls()).containsSubsequence("release 1", "retire", "claim sku-a", "roll");
        assertThat(claims()).hasSize(1);
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    void newsOfAMachineThatIsThereChangesNothing() throws InterruptedException {
        serve();

        workflow.nodeObserved("ws1");
        environment.sleep(Duration.ofMinutes(1));

        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
        assertThat(world.calls()).containsOnly("observe");
    }

    @Test
    void aMachineOfWhichNobodyCanSayAnythingIsKept() throws InterruptedException {
        serve();
        world.refuse("observe", FailureKind.PROVIDER_DENIED, "AuthorizationFailed.");

        workflow.nodeObserved("ws1");
        environment.sleep(Duration.ofMinutes(10));

        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
        assertThat(world.calls()).containsOnly("observe");
    }

    @Test
    void aPauseWhileTheMachineIsSilentGivesItBack() throws InterruptedException {
        serve();
        world.readyAfterLooks(1000);
        workflow.nodeObserved("ws1");
        awaitPhase(Phase.Provisioning.class);

        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);

        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void aMachineThatGoesWhileTheServerStartsIsReplacedToo() throws InterruptedException {
        world.refuse("roll", FailureKind.POD_NOT_PLACED, "Pod geo finds no room.");
        world.refuse("observe", FailureKind.NODE_NOT_READY, GONE);

        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).containsSubsequence("roll", "observe", "release 1", "retire", "claim sku-a", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    @Recorded
    void aMachineThatGoesWhileTheResultIsPushedIsReplacedAlthoughTheServerStartsThere() throws InterruptedException {
        world.hold("push");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("push");
        world.refuse("observe", FailureKind.NODE_NOT_READY, GONE);
        workflow.nodeObserved("ws1");
        world.letGo("push");

        awaitSnapshot(told ->
                told.phase() instanceof Phase.Serving && !told.attempts().isEmpty());

        assertThat(world.calls())
                .containsSubsequence(
                        "push v1", "stopTuner", "roll", "observe", "release 1", "retire", "claim sku-a", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    void aServerThatDoesNotStartOnAMachineThatIsThereFails() throws InterruptedException {
        world.refuse("roll", FailureKind.POD_NOT_PLACED, "Pod geo finds no room.");

        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));

        assertThat(((Phase.Failed) awaitPhase(Phase.Failed.class).phase())
                        .failure()
                        .kind())
                .isEqualTo(FailureKind.POD_NOT_PLACED);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void aRetryWhileAModelIsServedRollsItOutAgainWhereItIs() throws InterruptedException {
        serve();

        order(Action.RETRY);
        awaitSnapshot(
                told -> told.phase() instanceof Phase.Serving && world.calls().contains("roll"));

        assertThat(world.calls()).containsExactly("roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void anEditThatIsTakenBackWhileItIsRolledOutLeavesNothingHalfDone() throws InterruptedException {
        serve();
        world.hold("roll");
        workflow.desire(Samples.desired(2, Samples.serve("registry.example.com/others@" + Samples.DIGEST)));
        world.awaitReached("roll");

        world.hold("roll");
        workflow.desire(new DesiredState(
                "f1", 3, Optional.of(Samples.serve("registry.example.com/facts@" + Samples.DIGEST)), List.of()));
        world.awaitReached("roll");
        world.letGo("roll");

        assertThat(awaitPhase(Phase.Serving.class).fingerprint()).isEqualTo("f1");
    }

    @Test
    @Recorded
    void aMachineThatFallsSilentUnderATunerIsAskedBackBeforeTheTunerIsGone() throws InterruptedException {
        world.refuse("tune", FailureKind.TUNER_LOST, "Nothing was heard of it.");
        refuseToStopTheTuner(9);
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Tuning.class);
        world.readyAfterLooks(2);
        world.letGo("tune");
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls())
                .containsSubsequence("stopTuner", "observe", "release 1", "stopTuner", "claim sku-a", "tune /1");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    @Recorded
    void aTunerThatDoesNotGoHoldsUpTheReturnOfItsMachineForMinutesOnly() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");
        refuseToStopTheTuner(33);

        workflow.desire(Samples.deleted(2));
        environment.sleep(Duration.ofMinutes(15));
        awaitEnd();

        assertThat(world.calls()).containsSubsequence("stopTuner", "release 1", "stopTuner");
        assertThat(world.taken()).isEmpty();
    }

    private void refuseToStopTheTuner(int times) {
        for (int attempt = 0; attempt < times; attempt++) {
            world.refuse("stopTuner", FailureKind.INTERNAL, "Deleting the tuner takes longer than 60 s.");
        }
    }

    private void serve() throws InterruptedException {
        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();
    }

    private List<String> claims() {
        return world.calls().stream().filter(call -> call.startsWith("claim")).toList();
    }
}
