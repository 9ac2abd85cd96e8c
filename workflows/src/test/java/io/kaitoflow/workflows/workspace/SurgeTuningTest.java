package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another recipe that is tuned on a second machine, while what was tuned before is served. */
class SurgeTuningTest extends SurgeScene {

    private static final WorkspaceRequest TUNED = Samples.surging(Samples.tuneThenServe("v1"));
    private static final WorkspaceRequest OTHER_RECIPE = Samples.ofRank(TUNED, 16);

    @Test
    @Recorded
    void anotherRecipeIsTunedBesideTheServerWhichThenTakesItsResult() throws InterruptedException {
        serve(TUNED);
        world.servesEverythingInPlace();
        world.hold("tune");

        workflow.desire(Samples.desired(2, OTHER_RECIPE));
        world.awaitReached("tune");
        WorkspaceSnapshot meanwhile = awaitPhase(Phase.Tuning.class);
        assertThat(meanwhile.answersMeanwhile()).isTrue();
        assertThat(world.taken()).contains("machine 1", "server", "machine 2", "tuner");
        world.letGo("tune");
        awaitServing("f2");

        assertThat(world.calls())
                .containsSubsequence(
                        "claim sku-a", "startTuner", "tune /1", "push v1", "stopTuner", "release 2", "roll")
                .doesNotContain("retire", "release 1");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void bothMachinesArePaidForWhileThereAreTwo() throws InterruptedException {
        serve(TUNED);
        world.hold("tune");
        workflow.desire(Samples.desired(2, OTHER_RECIPE));
        world.awaitReached("tune");

        Spending two = workflow.snapshot().account().orElseThrow().spending();
        assertThat(two.hourlyUsd().orElseThrow()).isEqualByComparingTo("7.34");
        world.letGo("tune");
        Spending one = awaitServing("f2").account().orElseThrow().spending();

        assertThat(one.hourlyUsd().orElseThrow()).isEqualByComparingTo("3.67");
        assertThat(one.settledTime()).isPositive();
    }

    @Test
    @Recorded
    void aTuningThatFailsLeavesTheServerAlone() throws InterruptedException {
        serve(TUNED);
        world.refuse("fetch", FailureKind.DATASET_INVALID, "Row 7 has no columns.");

        workflow.desire(Samples.desired(2, OTHER_RECIPE));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.endpoint().orElseThrow().remark().orElseThrow())
                .contains("Row 7 has no columns.", "What was served before is served on.");
        assertThat(after.surge().flatMap(Surging::remark)).isPresent();
        assertThat(world.calls()).contains("stopTuner", "release 2").doesNotContain("retire", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void aResultThatIsWorseThanAskedForNeverTakesThePlaceOfTheServer() throws InterruptedException {
        serve(TUNED);
        world.tunedLoss(1.9);

        workflow.desire(Samples.desired(2, Samples.with(OTHER_RECIPE, Samples.minimumImprovement(0.5))));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.endpoint().orElseThrow().remark().orElseThrow()).contains("at least 0.5 was asked for");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    @Recorded
    void whoeverWouldHaveToQueueForASecondMachineMakesTheChangeOnTheFirst() throws InterruptedException {
        serve(TUNED);
        world.turnsAhead(3);
        workflow.desire(Samples.desired(2, OTHER_RECIPE));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.surge().flatMap(Surging::remark).orElseThrow()).contains("Waits for its turn");
        assertThat(world.calls())
                .containsSubsequence("queue 2", "release 2", "retire", "startTuner", "tune /1", "roll")
                .doesNotContain("release 1");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"startTuner", "tune", "push"})
    void aPauseWhileItIsTunedBesideTheServerGivesEverythingBackAndAResumeGoesOn(String step)
            throws InterruptedException {
        serve(TUNED);
        world.hold(step);
        workflow.desire(Samples.desired(2, OTHER_RECIPE));
        world.awaitReached(step);

        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        assertThat(world.taken()).isEmpty();

        world.letGo(step);
        order(Action.RESUME);
        awaitServing("f2");
        assertThat(world.taken()).hasSize(2).contains("server");
    }

    @Test
    void aBoundThatIsReachedBesideAServerEndsTheTuningAndNotTheServer() throws InterruptedException {
        serve(TUNED);
        world.refuse("tune", FailureKind.TUNER_LOST, "It fell silent.");
        world.refuse("tune", FailureKind.TUNER_LOST, "It fell silent.");

        workflow.desire(Samples.desired(2, Samples.with(OTHER_RECIPE, Samples.atMost(Duration.ofSeconds(12)))));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.endpoint().orElseThrow().remark().orElseThrow()).contains("Raise it to go on");
        world.forgetCalls();
        environment.sleep(Duration.ofMinutes(5));
        assertThat(world.calls()).hasSizeLessThan(2);
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }
}
