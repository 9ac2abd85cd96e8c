package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.client.WorkflowUpdateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTest extends WorkspaceTest {

    @Test
    void pauseGivesTheMachineBackAndResumeGoesOn() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");

        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        assertThat(world.taken()).isEmpty();

        world.letGo("tune");
        order(Action.RESUME);
        awaitPhase(Phase.Serving.class);
        assertThat(world.calls()).filteredOn("plan"::equals).hasSize(1);
    }

    @Test
    void anAbsentAnnotationDoesNotEndAPause() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);

        workflow.desire(Samples.desired(2, Samples.tuneThenServe("v2")));

        assertThat(workflow.snapshot().fingerprint()).isEqualTo("f2");
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Paused.class);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void anEditOfWhatIsPausedIsAnsweredAndStaysPaused() throws InterruptedException {
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);

        workflow.desire(Samples.desired(2, Samples.tune("v2")));

        assertThat(awaitPhase(Phase.Paused.class).fingerprint()).isEqualTo("f2");
    }

    @Test
    @Recorded
    void anOrderOfTheGreatestNumberIsRefusedAndLaterOnesAreHeard() throws InterruptedException {
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);

        workflow.order(new Order("pause", Long.MAX_VALUE, ""));
        assertThat(awaitSnapshot(told -> told.objection().isPresent())
                        .objection()
                        .orElseThrow())
                .contains("sequence 9223372036854775807", "leave it out");
        workflow.order(new Order("pause", 7, ""));
        awaitPhase(Phase.Paused.class);
        workflow.order(new Order("resume", 6, ""));

        assertThat(awaitSnapshot(told -> told.objection().isPresent())
                        .objection()
                        .orElseThrow())
                .contains("sequence 6 is behind 7");
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Paused.class);
    }

    @Test
    void aRetryWhileItIsPausedIsRefused() throws InterruptedException {
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);

        assertRefused("retry", "It is paused, so nothing is tried. Go on with: resume.");
    }

    @Test
    @Recorded
    void cancelGivesEverythingBackAndRetryStartsAgain() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tune("v1")));
        world.awaitReached("tune");

        order(Action.CANCEL);
        awaitPhase(Phase.Cancelled.class);
        assertThat(world.taken()).isEmpty();

        world.letGo("tune");
        order(Action.RETRY);
        awaitPhase(Phase.Completed.class);
    }

    @Test
    @Recorded
    void aRetryAfterACancelFindsThePauseThatWasBeneath() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tune("v1")));
        world.awaitReached("tune");
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        order(Action.CANCEL);
        awaitPhase(Phase.Cancelled.class);

        order(Action.RETRY);
        awaitPhase(Phase.Paused.class);

        world.letGo("tune");
        order(Action.RESUME);
        awaitPhase(Phase.Completed.class);
    }

    @Test
    void cancellingTheWorkflowMeansTheSameAsTheVerb() throws InterruptedException {
        world.hold("fetch");
        begin(Samples.desired(1, Samples.tune("v1")));
        world.awaitReached("fetch");

        client().newUntypedWorkflowStub(Samples.ID.workflowId()).cancel();

        awaitPhase(Phase.Cancelled.class);
        assertThat(world.taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "startTuner", "fetch", "tune", "evaluate", "push", "roll"})
    void deletionInAnyStepGivesEverythingBack(String step) throws InterruptedException {
        world.hold(step);
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached(step);

        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(world.taken()).isEmpty();
        assertThat(world.calls()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "tune", "roll"})
    void deletionIsHeardAfterAStepThatEndsWellAllTheSame(String step) throws InterruptedException {
        world.holdDeaf(step);
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached(step);

        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(world.taken()).isEmpty();
        assertThat(world.calls()).doesNotHaveDuplicates();
    }

    @Test
    void pauseIsHeardAfterALastStepThatEndsWellAllTheSame() throws InterruptedException {
        world.holdDeaf("roll");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("roll");

        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);

        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void aStepThatFailsAfterTheWishChangedDoesNotDecideAboutTheNewOne() throws InterruptedException {
        world.holdUntilFailure("claim");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("claim");

        order(Action.PAUSE);
        awaitHeard();
        world.letGo("claim");
        awaitPhase(Phase.Paused.class);

        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void anEditThatLeavesTheRunningStepAloneIsAnsweredAtOnce() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");
        awaitPhase(Phase.Tuning.class);

        workflow.desire(Samples.desired(2, Samples.tuneThenServe("v2")));

        assertThat(awaitPhase(Phase.Tuning.class).fingerprint()).isEqualTo("f2");
        world.letGo("tune");
    }

    @Test
    @Recorded
    void deletionWaitsUntilTheProviderSaysGone() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        world.goneAfterReleases(3);

        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(world.calls()).endsWith("retire", "release 1", "release 1", "release 1");
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void oldAndDoubledWishesChangeNothing() throws InterruptedException {
        begin(Samples.desired(5, Samples.tune("v5")));
        WorkspaceSnapshot before = awaitPhase(Phase.Completed.class);
        world.forgetCalls();

        workflow.desire(Samples.desired(4, Samples.tune("v4")));
        workflow.desire(Samples.desired(5, Samples.tune("v5")));

        assertThat(workflow.snapshot()).isEqualTo(before);
        assertThat(world.calls()).isEmpty();
    }

    @Test
    void anEditOfBudgetAndOutputLosesNoStepOfTheTune() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");

        workflow.desire(Samples.desired(2, Samples.with(Samples.tuneThenServe("v2"), Samples.budget("5"))));
        world.letGo("tune");
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).filteredOn("tune /1"::equals).hasSize(1);
        assertThat(world.calls()).contains("push v2").doesNotContain("push v1");
    }

    @Test
    @Recorded
    void anEditOfTheOutputWhileServingMovesTheResultAndTheServerGoesOn() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();

        workflow.desire(Samples.desired(2, Samples.tuneThenServe("v2")));
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls())
                .containsExactly("inspect beside a server", "find " + Samples.DIGEST, "move v1", "push v2");
    }

    @Test
    void anOrderWithoutANumberIsTheNext() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);

        workflow.order(new Order("pause", 0, ""));
        awaitPhase(Phase.Paused.class);
        workflow.order(new Order("resume", 0, ""));
        awaitPhase(Phase.Serving.class);
        workflow.order(new Order("pause", 0, ""));

        awaitPhase(Phase.Paused.class);
    }

    @Test
    @Recorded
    void anOrderThatIsNoneIsSaidInTheStatusAndChangesNothing() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);

        workflow.order(new Order("stop", 0, ""));

        assertThat(awaitSnapshot(told -> told.objection().isPresent())
                        .objection()
                        .orElseThrow())
                .contains("stop", "pause, resume, cancel, retry and extend");
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
    }

    @Test
    @Recorded
    void whoAsksIsAnswered() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);

        assertThat(workflow.answered(new Order("pause", 0, "the price is high")))
                .contains("checkpoint", "resume");
        assertThat(awaitPhase(Phase.Paused.class).phase()).isEqualTo(new Phase.Paused("the price is high"));

        assertRefused("pause", "It is Paused; there is nothing to pause.");
        assertRefused("stop", "pause, resume, cancel, retry and extend");
        assertThat(workflow.snapshot().objection()).isEmpty();
    }

    private void assertRefused(String action, String words) {
        assertThatThrownBy(() -> workflow.answered(new Order(action, 0, "")))
                .isInstanceOf(WorkflowUpdateException.class)
                .hasStackTraceContaining(words);
    }
}
