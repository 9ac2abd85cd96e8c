package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FailureTest extends WorkspaceTest {

    @Test
    void aPreflightRefusalBuysNothingAndNamesEverything() throws InterruptedException {
        world.report(new PreflightReport(
                List.of(
                        refusal(FailureKind.DATASET_INVALID, "rows.jsonl:3 has no role."),
                        refusal(FailureKind.REGISTRY_DENIED, "The push was denied.")),
                Optional.empty()));

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(failure().message()).contains("rows.jsonl:3", "denied");
        assertThat(world.calls()).containsExactly("plan", "inspect");
    }

    @Test
    @Recorded
    void brokenDataThatAreMendedInTheirConfigMapAreInspectedAnewAndOnlyThenIsAMachineClaimed()
            throws InterruptedException {
        world.report(new PreflightReport(
                List.of(refusal(FailureKind.DATASET_INVALID, "rows.jsonl row 3 is empty.")), Optional.empty()));
        begin(Samples.desired(1, Samples.tuneOn(new VolumeReference.ConfigMap("rows", Optional.of("broken")))));
        failure();
        assertThat(world.calls()).containsExactly("plan", "inspect");

        world.report(new PreflightReport(List.of(), Optional.of(Samples.rows())));
        workflow.desire(
                Samples.desired(2, Samples.tuneOn(new VolumeReference.ConfigMap("rows", Optional.of("mended")))));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsSubsequence("inspect", "inspect", "claim sku-a");
    }

    @Test
    @Recorded
    void aSecretThatIsMendedDuringTheLookThatItSpoilsHasItDoneAgain() throws InterruptedException {
        world.report(new PreflightReport(
                List.of(refusal(FailureKind.REGISTRY_DENIED, "The data's registry answered 401.")), Optional.empty()));
        world.hold("inspect");
        begin(Samples.desired(1, Samples.tune("v1")));
        world.awaitReached("inspect");

        world.report(new PreflightReport(List.of(), Optional.of(Samples.rows())));
        workflow.desire(Samples.desired(2, Samples.tune("v1")));
        world.letGo("inspect");

        awaitPhase(Phase.Completed.class);
        assertThat(world.calls()).filteredOn("inspect"::equals).hasSize(2);
    }

    @Test
    void dataThatAreEditedWhileTheyAreTrainedOnAreInspectedAndFetchedAnew() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneOn(new VolumeReference.ConfigMap("rows", Optional.of("first")))));
        world.awaitReached("tune");
        world.hold("inspect");

        workflow.desire(
                Samples.desired(2, Samples.tuneOn(new VolumeReference.ConfigMap("rows", Optional.of("second")))));
        world.awaitReached("inspect");
        world.letGo("tune");
        world.letGo("inspect");
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsSubsequence("inspect", "tune /1", "inspect", "fetch", "tune /1");
    }

    @Test
    void aTunerLostThriceWithoutACheckpointIsNoProgress() throws InterruptedException {
        loseTuner(3, 0);

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(failure().kind()).isEqualTo(FailureKind.NO_PROGRESS);
        assertThat(world.calls()).filteredOn("startTuner"::equals).hasSize(3);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aTunerLostOnceIsStartedAgainAndCounted() throws InterruptedException {
        loseTuner(1, 0);

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(awaitPhase(Phase.Completed.class).resumes()).isEqualTo(1);
        assertThat(world.calls())
                .containsSubsequence("tune /1", "stopTuner", "observe", "startTuner", "fetch", "tune /1");
    }

    @Test
    void aMachineThatCannotBeLookedAtEndsNoRun() throws InterruptedException {
        loseTuner(1, 0);
        world.refuse("observe", FailureKind.QUOTA_EXCEEDED, "Too many calls.");

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(awaitPhase(Phase.Completed.class).resumes()).isEqualTo(1);
    }

    @Test
    @Recorded
    void anImageThatStayedAwayFailsAtOnceAndAnEditTriesAgain() throws InterruptedException {
        world.refuse("startTuner", FailureKind.IMAGE_UNAVAILABLE, "401 Unauthorized");
        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(failure().message()).isEqualTo("401 Unauthorized");
        assertThat(world.calls()).filteredOn("startTuner"::equals).hasSize(1);
        assertThat(world.taken()).isEmpty();

        workflow.desire(Samples.desired(2, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);
    }

    @Test
    void everyNewCheckpointEarnsMoreTries() throws InterruptedException {
        loseTuner(2, 0);
        loseTuner(1, 10);
        loseTuner(1, 20);

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(awaitPhase(Phase.Completed.class).resumes()).isEqualTo(4);
    }

    @Test
    void outOfMemoryHalvesTheBatchUntilOneRowIsLeft() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            world.refuse("tune", FailureKind.OUT_OF_MEMORY, "The device is full.");
        }

        begin(Samples.desired(1, Samples.batchOf(4, 2)));

        assertThat(failure()).isEqualTo(new Failure(FailureKind.OUT_OF_MEMORY, "The device is full."));
        assertThat(world.calls())
                .filteredOn(call -> call.startsWith("tune "))
                .containsExactly("tune /1", "tune /2", "tune /4");
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aBatchOfOneRowIsNotHalved() throws InterruptedException {
        world.refuse("tune", FailureKind.OUT_OF_MEMORY, "The device is full.");

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(failure().kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(world.calls()).filteredOn("startTuner"::equals).hasSize(1);
    }

    @Test
    @Recorded
    void aTunerThatTheSystemKilledForItsMemoryGoesOnWithHalfTheBatchAndSaysSo() throws InterruptedException {
        world.tunersEnd(new TunerEnd(true, "The tuner ended with exit code 137.", true));
        loseTuner(1, 12);

        begin(Samples.desired(1, Samples.batchOf(4, 2)));
        WorkspaceSnapshot end = awaitPhase(Phase.Completed.class);

        assertThat(world.calls())
                .containsSubsequence("tune /1", "tunerEnd", "stopTuner", "startTuner", "fetch", "tune /2");
        assertThat(end.passed())
                .contains(new Phase.Tuning(
                        1, "The machine ran out of memory with 4 rows at once; it goes on with 2, 4 times a step"));
    }

    @Test
    void aTunerThatAPersonKilledKeepsItsBatch() throws InterruptedException {
        world.tunersEnd(new TunerEnd(false, "The tuner ended with exit code 137.", true));
        loseTuner(3, 0);

        begin(Samples.desired(1, Samples.batchOf(4, 2)));

        assertThat(failure().message()).contains("3 times without a new checkpoint", "exit code 137");
        assertThat(world.calls()).contains("tune /1").doesNotContain("tune /2");
    }

    @Test
    void aTunerOfWhichNobodyKnowsTheEndIsStartedAgainAllTheSame() throws InterruptedException {
        loseTuner(1, 0);
        world.refuse("tunerEnd", FailureKind.CLUSTER_REFUSED, "Pods may not be read.");

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(awaitPhase(Phase.Completed.class).resumes()).isEqualTo(1);
    }

    @Test
    void badDataFailsAtOnceAndRetryBeginsWhereItEnded() throws InterruptedException {
        world.refuse("fetch", FailureKind.DATASET_INVALID, "Row 3 is empty.");
        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(failure().kind()).isEqualTo(FailureKind.DATASET_INVALID);
        assertThat(world.taken()).isEmpty();

        order(Action.RETRY);
        awaitPhase(Phase.Completed.class);
        assertThat(world.calls()).filteredOn("inspect"::equals).hasSize(1);
    }

    @Test
    @Recorded
    void theNextKindOfMachineIsTriedWhenOneIsMissing() throws InterruptedException {
        world.refuse("claim", FailureKind.CAPACITY_MISSING, "No capacity in zone 1.");

        begin(Samples.desired(1, Samples.tuneThenServe("v1")));

        assertThat(awaitPhase(Phase.Serving.class).attempts())
                .extracting("instanceType", "answer")
                .containsExactly(tuple("sku-a", "No capacity in zone 1."));
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    void aMachineThatIsNotReadyIsLookedAtAgain() throws InterruptedException {
        world.readyAfterLooks(3);

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).filteredOn("observe"::equals).hasSize(3);
    }

    @Test
    void aModelThatImprovesTooLittleNeverServes() throws InterruptedException {
        world.tunedLoss(1.9);

        begin(Samples.desired(1, Samples.with(Samples.tuneThenServe("v1"), Samples.minimumImprovement(0.5))));

        assertThat(failure().kind()).isEqualTo(FailureKind.EVALUATION_WORSE);
        assertThat(world.calls()).contains("push v1 refused").doesNotContain("roll");
        assertThat(world.taken()).isEmpty();
    }

    private Failure failure() throws InterruptedException {
        return ((Phase.Failed) awaitPhase(Phase.Failed.class).phase()).failure();
    }

    private void loseTuner(int times, long checkpoint) {
        var last = new TuningProgress(
                "tuning",
                checkpoint + 3,
                72,
                0.5,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                checkpoint);
        for (int i = 0; i < times; i++) {
            world.refuse("tune", ApplicationFailure.newFailure("The pod is gone.", "TUNER_LOST", last));
        }
    }

    private static Finding refusal(FailureKind kind, String message) {
        return new Finding(Finding.Severity.REFUSAL, kind, "tuning", message);
    }
}
