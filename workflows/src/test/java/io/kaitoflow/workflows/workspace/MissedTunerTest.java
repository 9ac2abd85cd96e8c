package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.status.Phase;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tuner that goes away between two steps says nothing: the next one is just not begun. */
class MissedTunerTest extends WorkspaceTest {

    @Test
    @Recorded
    void aTunerThatIsGoneIsMissedWithinSeconds() throws InterruptedException {
        world.tunersTakeNothing(1);
        world.tunersEnd(TunerEnd.vanished("The tuner's pod is gone."));

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsSubsequence("startTuner", "tunerEnd", "stopTuner", "startTuner", "fetch");
        assertThat(betweenStarts()).isLessThan(Duration.ofSeconds(15));
        workflow.desire(Samples.deleted(2));
        awaitEnd();
    }

    @Test
    void oneThatStandsIsOfferedTheStepAgainUntilItTakesIt() throws InterruptedException {
        world.tunersTakeNothing(1);
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Fetching.class);
        while (!world.calls().contains("tunerEnd")) {
            environment.sleep(Duration.ofSeconds(1));
        }

        WorkerFactory late = WorkerFactory.newInstance(environment.getWorkflowClient());
        late.newWorker(FakeWorld.DEAF).registerActivitiesImplementations(world);
        late.start();
        try {
            awaitPhase(Phase.Completed.class);
        } finally {
            late.shutdownNow();
        }

        assertThat(world.calls()).filteredOn("startTuner"::equals).hasSize(1);
    }

    private Duration betweenStarts() {
        List<TunerStart> starts = world.reported().getFirst().journey().starts();
        return Duration.between(starts.getFirst().at(), starts.getLast().at());
    }
}
