package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.StepKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a result whose push fails for good. */
class ParkingTest extends WorkspaceTest {

    private static final String DENIED = "The registry answered 403 to the push.";

    @Test
    @Recorded
    void aDeniedResultIsKeptTheMachineGoesBackAndARetryPushesItWithoutTuningAgain() throws InterruptedException {
        deny(Samples.tune("v1"));

        Failure told = failure();
        assertThat(told.kind()).isEqualTo(FailureKind.REGISTRY_DENIED);
        assertThat(told.message())
                .startsWith(DENIED)
                .contains(Samples.DIGEST.toString(), "kept in claim geo-parked; retry pushes it.");
        assertThat(world.calls()).endsWith("push v1", "prepare", "carry /adapter", "close", "stopTuner", "release 1");
        assertThat(world.taken()).containsExactly("berth");

        world.forgetCalls();
        order(Action.RETRY);
        WorkspaceSnapshot end = awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsExactly("startPusher", "push v1 from /parked", "stopTuner", "discard");
        assertThat(world.taken()).isEmpty();
        assertThat(end.output().map(PushedImage::image)).contains(Samples.pushed("v1"));
        assertThat(end.parked()).isEmpty();
        assertThat(end.report().orElseThrow().there()).isFalse();
    }

    @Test
    void anEditOfTheOutputPushesWhatIsKeptWithoutALookAtDataThatMayBeGone() throws InterruptedException {
        deny(Samples.tuneThenServe("v1"));
        failure();
        world.forgetCalls();

        workflow.desire(Samples.desired(2, Samples.tuneThenServe("v2")));
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls())
                .containsExactly("startPusher", "push v2 from /parked", "stopTuner", "discard", "claim sku-a", "roll");
    }

    @Test
    void aMendedSecretIsEnough() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();

        workflow.desire(Samples.desired(2, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).filteredOn("tune /1"::equals).hasSize(1);
    }

    @Test
    void whatIsDeniedAgainStaysKeptAndIsSaidAgain() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();
        world.refuse("push", FailureKind.REGISTRY_DENIED, DENIED);
        world.forgetCalls();

        order(Action.RETRY);

        assertThat(failure().message()).contains("kept in claim geo-parked");
        assertThat(world.calls()).containsExactly("startPusher", "push v1 from /parked", "stopTuner");
        assertThat(world.taken()).containsExactly("berth");
    }

    @Test
    void whoPushesWhatIsKeptMayBeLostAndIsStartedAgain() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();
        world.refuse("push", FailureKind.TUNER_LOST, "The pusher fell silent.");
        world.forgetCalls();

        order(Action.RETRY);

        assertThat(awaitPhase(Phase.Completed.class).resumes()).isZero();
        assertThat(world.calls()).filteredOn("startPusher"::equals).hasSize(2);
        assertThat(world.calls()).doesNotContain("tune /1");
    }

    @Test
    void aRegistryThatIsAwayForAMomentIsAskedAgainByTheTunerThatStands() throws InterruptedException {
        unavailable(2);

        begin(Samples.desired(1, Samples.tune("v1")));

        awaitPhase(Phase.Completed.class);
        assertThat(world.calls()).containsSubsequence("push v1", "push v1", "push v1", "stopTuner");
        assertThat(world.calls())
                .doesNotContain("prepare")
                .filteredOn("tune /1"::equals)
                .hasSize(1);
    }

    @Test
    void aRegistryThatStaysAwayHasTheResultKept() throws InterruptedException {
        unavailable(3);

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(failure().kind()).isEqualTo(FailureKind.REGISTRY_UNAVAILABLE);
        assertThat(world.taken()).containsExactly("berth");
    }

    @Test
    void whatCannotBeKeptIsSaidToHaveGoneAndTheMachineGoesBackAllTheSame() throws InterruptedException {
        world.refuse("prepare", FailureKind.POD_NOT_PLACED, "pod has unbound immediate PersistentVolumeClaims.");

        deny(Samples.tune("v1"));

        assertThat(failure().message())
                .startsWith(DENIED)
                .contains("It went with its machine", "unbound immediate PersistentVolumeClaims")
                .doesNotContain("is kept");
        order(Action.RETRY);
        awaitPhase(Phase.Completed.class);
        assertThat(world.calls()).filteredOn("tune /1"::equals).hasSize(2);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void whatIsNotTakenIsSaidToHaveGoneAndNobodyWaitsForItAnyMore() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            world.refuse("carry", FailureKind.INTERNAL, "Connection refused.");
        }

        deny(Samples.tune("v1"));

        assertThat(failure().message()).contains("It went with its machine", "Connection refused.");
        assertThat(world.calls()).endsWith("carry /adapter", "close", "stopTuner", "release 1");
    }

    @Test
    void whatLiesWhereItOutlivesItsMachineIsNotCarried() throws InterruptedException {
        berths.adaptersStay();

        deny(Samples.tune("v1"));

        assertThat(failure().message()).contains("kept in claim geo-parked");
        assertThat(world.calls()).endsWith("push v1", "prepare", "stopTuner", "release 1");
    }

    @Test
    void anotherRecipeIsTunedAndTheOldResultForgottenOnceTheNewOneIsPushed() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();
        world.forgetCalls();

        workflow.desire(Samples.desired(2, Samples.batchOf(2, 1)));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls())
                .containsSubsequence(
                        "inspect", "claim sku-a", "tune /1", "push v1", "stopTuner", "discard", "release 2");
    }

    @Test
    void aResultThatTheGateRefusesIsKeptPushedBesideAndThenRefused() throws InterruptedException {
        world.tunedLoss(1.9);
        deny(Samples.with(Samples.tuneThenServe("v1"), Samples.minimumImprovement(0.5)));
        assertThat(failure().kind()).isEqualTo(FailureKind.REGISTRY_DENIED);
        world.forgetCalls();

        order(Action.RETRY);

        assertThat(failure().kind()).isEqualTo(FailureKind.EVALUATION_WORSE);
        assertThat(world.calls())
                .containsExactly("startPusher", "push v1 from /parked refused", "stopTuner", "discard");
    }

    @Test
    void hoursThatAreUsedUpKeepNobodyFromPushingWhatIsKept() throws InterruptedException {
        unavailable(3);
        begin(Samples.desired(1, Samples.tune("v1")));
        failure();

        workflow.desire(Samples.desired(2, Samples.with(Samples.tune("v1"), Samples.atMost(Duration.ofSeconds(1)))));

        awaitPhase(Phase.Completed.class);
    }

    @Test
    void aVolumeThatDoesNotGoFailsNothingAndIsSaid() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();
        for (int i = 0; i < 3; i++) {
            world.refuse("discard", FailureKind.INTERNAL, "It is protected.");
        }

        order(Action.RETRY);

        assertThat(awaitPhase(Phase.Completed.class).remark().orElseThrow())
                .contains("goes with the Workspace", "It is protected.");
    }

    @Test
    void whatSomebodyDeletedIsMadeAgain() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();
        berths.lose();
        world.forgetCalls();

        order(Action.RETRY);
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsSubsequence("claim sku-a", "startTuner", "tune /1", "push v1");
        assertThat(world.calls()).doesNotContain("startPusher");
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aDeletionTakesWhatIsKeptWithIt() throws InterruptedException {
        deny(Samples.tune("v1"));
        failure();

        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(world.calls()).endsWith("discard");
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void anEditThatMendsTheOutputWhileItIsCarriedPushesFromTheMachineThatStands() throws InterruptedException {
        world.hold("carry");
        deny(Samples.tune("v1"));
        world.awaitReached("carry");

        workflow.desire(Samples.desired(2, Samples.tune("v2")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).contains("push v2").doesNotContain("startPusher");
        assertThat(world.calls()).filteredOn("tune /1"::equals).hasSize(1);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void aRunThatRemembersNothingPushesWhatAnEarlierOneKeptAndTunesNothing() throws InterruptedException {
        keptBefore(Samples.tune("v1"));

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls())
                .containsExactly("plan", "startPusher", "push v1 from /parked", "stopTuner", "discard");
    }

    @Test
    void whatWasKeptOfAnotherRecipeIsNoResultOfThisOneAndGoesWithItsPush() throws InterruptedException {
        keptBefore(Samples.batchOf(2, 1));

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsSubsequence("evaluate", "push v1", "stopTuner", "discard");
        assertThat(world.taken()).isEmpty();
    }

    private void keptBefore(WorkspaceRequest request) {
        var adapter = new AdapterArtifact("/parked", Samples.DIGEST, 72, 0.5, 9000, 0);
        berths.heldAlready(new Receipt(
                Samples.ID,
                StepKeys.of(Step.TUNE, request),
                Evaluation.skipped(),
                new ParkedAdapter(adapter, "claim geo-parked", "retry pushes it")));
    }

    private void deny(WorkspaceRequest request) {
        world.refuse("push", FailureKind.REGISTRY_DENIED, DENIED);
        begin(Samples.desired(1, request));
    }

    private void unavailable(int times) {
        for (int i = 0; i < times; i++) {
            world.refuse("push", FailureKind.REGISTRY_UNAVAILABLE, "Nobody answers.");
        }
    }

    private Failure failure() throws InterruptedException {
        return ((Phase.Failed) awaitPhase(Phase.Failed.class).phase()).failure();
    }
}
