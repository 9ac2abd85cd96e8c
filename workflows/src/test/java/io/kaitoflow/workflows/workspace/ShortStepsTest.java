package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.api.enums.v1.EventType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What takes a moment costs no activity, and is done the long way when it did not succeed. */
class ShortStepsTest extends WorkspaceTest {

    @Test
    void aMachineIsClaimedWithinTheFirstWorkflowTask() throws InterruptedException {
        world.readyAfterLooks(100);
        begin(Samples.desired(1, serve()));

        awaitPhase(Phase.Provisioning.class);

        assertThat(world.calls()).containsExactly("plan", "inspect", "claim sku-a");
        assertThat(activities()).isEmpty();
    }

    @Test
    void phasesThatLastAMomentAreToldWithTheNext() throws InterruptedException {
        world.readyAfterLooks(100);
        begin(Samples.desired(1, serve()));

        WorkspaceSnapshot first = awaitPhase(Phase.class);

        assertThat(first.phase()).isInstanceOf(Phase.Provisioning.class);
        assertThat(first.passed()).extracting(Phase::label).startsWith("Accepted", "Preflight");
    }

    @Test
    @Recorded
    void aProviderThatDidNotAnswerIsAskedAgainTheLongWay() throws InterruptedException {
        world.refuse("claim", FailureKind.INTERNAL, "Nobody answered.");
        begin(Samples.desired(1, serve()));

        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).contains("claim sku-a").doesNotContain("claim sku-b");
        assertThat(activities()).contains("Node.Claim");
    }

    @Test
    void aProviderThatHasNoneIsNotAskedTwice() throws InterruptedException {
        world.refuse("claim", FailureKind.CAPACITY_MISSING, "None left.");
        begin(Samples.desired(1, serve()));

        awaitPhase(Phase.Serving.class);

        assertThat(world.calls())
                .filteredOn(call -> call.startsWith("claim"))
                .containsExactly("claim sku-a", "claim sku-b");
    }

    @Test
    void aLookIntoAVolumeIsLongFromTheStart() throws InterruptedException {
        begin(Samples.desired(1, Samples.serveFromVolume(new VolumeReference.Claim("adapters"))));

        awaitPhase(Phase.Serving.class);

        assertThat(activities()).contains("Preflight.Inspect");
        assertThat(world.calls()).containsOnlyOnce("inspect");
    }

    private static WorkspaceRequest serve() {
        WorkspaceRequest one = Samples.serve("registry.example.com/facts@" + Samples.DIGEST);
        return new WorkspaceRequest(one.id(), one.goal(), Samples.machines("sku-a", "sku-b"), one.terms());
    }

    private List<String> activities() {
        return client().fetchHistory(Samples.ID.workflowId()).getEvents().stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                .map(event -> event.getActivityTaskScheduledEventAttributes()
                        .getActivityType()
                        .getName())
                .toList();
    }
}
