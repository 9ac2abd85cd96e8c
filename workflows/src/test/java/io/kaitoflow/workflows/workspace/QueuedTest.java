package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A run whose namespace is at its cap, and whose turn it is not yet. */
class QueuedTest extends WorkspaceTest {

    @Test
    @Recorded
    void itWaitsForItsTurnWithoutEndSaysItsPlaceAndThenClaims() throws InterruptedException {
        world.turnsAhead(3);

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPlace(3);
        assertThat(world.taken()).isEmpty();
        environment.sleep(Duration.ofHours(12));

        assertThat(awaitPhase(Phase.Completed.class).attempts()).isEmpty();
        assertThat(world.calls()).containsSubsequence("queue 1", "queue 1", "queue 1", "claim sku-a", "startTuner");
    }

    @Test
    void newsMakeItLookAtOnceAndDoubledOnesDoNoHarm() throws InterruptedException {
        world.turnsAhead(3);
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPlace(3);

        workflow.nodeObserved("queue");
        workflow.nodeObserved("queue");

        awaitPhase(Phase.Completed.class);
        assertThat(world.calls()).filteredOn(call -> call.startsWith("claim")).hasSize(1);
    }

    @Test
    void whoeverOpensTheRunOrSearchesForItSeesThatItIsQueued() throws InterruptedException {
        world.turnsAhead(100);
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPlace(100);

        WorkflowStub run = client().newUntypedWorkflowStub(Samples.ID.workflowId());
        assertThat(run.query("__temporal_workflow_metadata", WorkflowMetadata.class)
                        .getCurrentDetails())
                .startsWith("**Queued**: wants sku-a. Waits for its turn: place ")
                .endsWith("Next: a machine is claimed.");
        assertThat(run.describe().getTypedSearchAttributes().get(WorkspaceSearchAttributes.PHASE))
                .isEqualTo("Queued");
    }

    @Test
    @Recorded
    void aPauseGivesThePlaceBackAndAResumeQueuesAnew() throws InterruptedException {
        world.turnsAhead(100);
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPlace(100);

        order(Verb.Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        assertThat(world.calls()).endsWith("release 1");
        world.forgetCalls();
        world.turnsAhead(1);

        order(Verb.Action.RESUME);
        awaitPhase(Phase.Completed.class);
        assertThat(world.calls()).containsSubsequence("queue 2", "claim sku-a").doesNotContain("release 1");
    }

    @Test
    @Recorded
    void aDeletionGivesThePlaceBack() throws InterruptedException {
        world.turnsAhead(100);
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPlace(100);

        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(world.calls()).endsWith("release 1").noneMatch(call -> call.startsWith("claim"));
    }

    @Test
    void onceItsTurnCameAMachineHasAllTheTimeToBecomeReady() throws InterruptedException {
        world.turnsAhead(8);
        world.readyAfterLooks(5);

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPlace(8);
        environment.sleep(Duration.ofHours(3));

        assertThat(awaitPhase(Phase.Completed.class).attempts()).isEmpty();
    }

    @Test
    void aKindThatIsMoreThanTheCapIsPassedOverAndTheLastOneSaysWhatToDo() throws InterruptedException {
        world.refuse("claim", FailureKind.OVER_CAP, "1 x sku-a is 8 GPUs, and namespace team-a may use 4 GPUs.");
        world.refuse("claim", FailureKind.OVER_CAP, "1 x sku-b is 8 GPUs, and namespace team-a may use 4 GPUs.");

        begin(Samples.desired(1, Samples.tune("v1")));

        WorkspaceSnapshot failed = awaitPhase(Phase.Failed.class);
        assertThat(((Phase.Failed) failed.phase()).failure().sentence())
                .contains("sku-b is 8 GPUs", "kaito.sh/instance-types", "quotas of the chart");
        assertThat(failed.attempts())
                .extracting("instanceType", "answer")
                .containsExactly(
                        tuple("sku-a", "1 x sku-a is 8 GPUs, and namespace team-a may use 4 GPUs."),
                        tuple("sku-b", "1 x sku-b is 8 GPUs, and namespace team-a may use 4 GPUs."));
    }

    private void awaitPlace(int place) throws InterruptedException {
        awaitSnapshot(told -> told.phase() instanceof Phase.Queued(String kind, String turn, String _)
                && kind.equals("sku-a")
                && turn.equals("place " + place + " of 100"));
    }
}
