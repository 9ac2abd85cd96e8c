package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.status.Phase;
import io.temporal.api.history.v1.HistoryEvent;
import org.junit.jupiter.api.Test;

/** A run as a command keeps it on its own machine. */
class OwnQueueTest extends WorkspaceTest {

    @Override
    String queue() {
        return TaskQueues.local(Samples.ID, "1f8e03ab");
    }

    @Test
    void whoeverHasAQueueOfItsOwnAsksNobodyElse() throws InterruptedException {
        beginWithoutShortSteps(Samples.desired(1, Samples.tuneThenServe("v1")));

        awaitPhase(Phase.Serving.class);

        assertThat(client().fetchHistory(Samples.ID.workflowId()).getEvents())
                .filteredOn(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                .extracting(event -> event.getActivityTaskScheduledEventAttributes()
                        .getTaskQueue()
                        .getName())
                .contains(queue())
                .containsOnly(queue(), TaskQueues.tuner(Samples.ID));
    }
}
