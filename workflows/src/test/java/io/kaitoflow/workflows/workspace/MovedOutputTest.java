package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.OutputActivities.Finding;
import io.kaitoflow.workflows.tuning.OutputActivities.Presence;
import org.junit.jupiter.api.Test;

/** Another place for a result that was pushed, wished for when its machine has gone. */
class MovedOutputTest extends WorkspaceTest {

    @Test
    @Recorded
    void aCompletedWorkspaceHasItsResultMovedWithoutAMachine() throws InterruptedException {
        complete();

        workflow.desire(Samples.desired(2, Samples.tune("v2")));
        WorkspaceSnapshot moved = awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).containsExactly("inspect", "find " + Samples.DIGEST, "move v1", "push v2");
        assertThat(moved.output().orElseThrow().image()).isEqualTo(Samples.pushed("v2"));
        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void onlyAResultThatIsGoneIsTunedAgain() throws InterruptedException {
        complete();
        registry.outputs(new Finding(Presence.ABSENT, "404, there is no such image."));

        workflow.desire(Samples.desired(2, Samples.tune("v2")));
        awaitPhase(Phase.Tuning.class);
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls())
                .containsSubsequence("find " + Samples.DIGEST, "claim sku-a", "tune /1", "evaluate", "push v2")
                .doesNotContain("move v1");
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aRegistryThatCannotSayWhetherItIsThereIsAskedToMoveIt() throws InterruptedException {
        complete();
        registry.outputs(new Finding(Presence.UNKNOWN, "Nobody is at registry.example.com."));

        workflow.desire(Samples.desired(2, Samples.tune("v2")));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).contains("move v1", "push v2").doesNotContain("tune /1");
    }

    @Test
    void aPausedWorkspaceMovesItsResultWhenItResumes() throws InterruptedException {
        complete();
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        workflow.desire(Samples.desired(2, Samples.tune("v2")));

        order(Action.RESUME);
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).contains("move v1").doesNotContain("tune /1", "claim sku-a");
    }

    private void complete() throws InterruptedException {
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);
        world.forgetCalls();
    }
}
