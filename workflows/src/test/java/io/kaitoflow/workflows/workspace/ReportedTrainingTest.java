package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import org.junit.jupiter.api.Test;

/** What happened on the way to a result is attached to it. */
class ReportedTrainingTest extends WorkspaceTest {

    @Test
    @Recorded
    void aResultIsReportedOnceWithWhatTheRunKnowsOfItsWay() throws InterruptedException {
        world.refuse("tune", FailureKind.TUNER_LOST, "The pod is gone.");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));

        AttachedReport report = awaitPhase(Phase.Serving.class).report().orElseThrow();

        assertThat(report.there()).isTrue();
        assertThat(report.digest()).contains(Samples.DIGEST);
        assertThat(world.reported()).hasSize(1);
        ReportActivities.Input told = world.reported().getFirst();
        assertThat(told.image().image()).isEqualTo(Samples.pushed("v1"));
        assertThat(told.evaluation()).isPresent();
        assertThat(told.trained().start()).isEqualTo(2);
        assertThat(told.journey().starts()).extracting(TunerStart::number).containsExactly(1, 2);
        assertThat(told.journey().starts()).extracting(TunerStart::machine).containsOnly("node-1");
        assertThat(told.journey().spending().any()).isTrue();
        workflow.desire(Samples.deleted(2));
        awaitEnd();
    }

    @Test
    void aReportThatIsRefusedIsSaidAndTheTuningSucceedsAllTheSame() throws InterruptedException {
        world.refuse("attach", FailureKind.REGISTRY_DENIED, "No artifacts here.");
        begin(Samples.desired(1, Samples.tune("v1")));

        AttachedReport report = awaitPhase(Phase.Completed.class).report().orElseThrow();

        assertThat(report.there()).isFalse();
        assertThat(report.words()).contains("no training report", "No artifacts here.");
        assertThat(world.reported()).hasSize(1);
    }

    @Test
    void aReportThatFailsForAMomentIsTriedAgain() throws InterruptedException {
        world.refuse("attach", FailureKind.REGISTRY_UNAVAILABLE, "Nobody is there.");
        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(awaitPhase(Phase.Completed.class).report().orElseThrow().there())
                .isTrue();
        assertThat(world.reported()).hasSize(2);
    }

    @Test
    void aPauseDuringTheReportWaitsForItAndServesWithoutTuningAgain() throws InterruptedException {
        world.hold("attach");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("attach");
        order(Action.PAUSE);
        world.letGo("attach");
        assertThat(awaitPhase(Phase.Paused.class).report().orElseThrow().there())
                .isTrue();
        world.forgetCalls();

        order(Action.RESUME);
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).doesNotContain("tune /1", "push v1");
    }
}
