package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.kaitoflow.workflows.workspace.wish.Orders;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A run may live for years: what it writes to its history is bounded whatever happens to it. */
class LongLifeTest extends WorkspaceTest {

    private static final int EDITS = 10_000;
    private static final int MOST_EVENTS = 51_200;
    private static final int MOST_BYTES = 50 << 20;
    private static final int MOST_SIGNALS = 10_000;
    private static final int EDITS_AT_ONCE = 100;

    @Test
    void editsOverAYearStayBelowEveryLimitAndNoneIsLost() throws InterruptedException {
        beginWithoutShortSteps(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        Duration between = Duration.ofDays(365).dividedBy(EDITS / EDITS_AT_ONCE);
        Set<String> runs = new LinkedHashSet<>();
        for (int edit = 2; edit <= EDITS; edit++) {
            workflow.desire(edited(edit));
            if (edit % EDITS_AT_ONCE == 0) {
                runs.add(awaitFingerprint("f" + edit).runId().orElseThrow());
                environment.sleep(between);
            }
        }
        workflow.order(Order.next(Action.PAUSE, "a year is over"));
        WorkspaceSnapshot last = awaitAmongMany(told -> told.phase() instanceof Phase.Paused);

        assertThat(last.fingerprint()).isEqualTo("f" + EDITS);
        runs.add(last.runId().orElseThrow());
        assertThat(runs).hasSizeGreaterThan(1);
        for (String run : runs) {
            List<HistoryEvent> events =
                    client().fetchHistory(Samples.ID.workflowId(), run).getEvents();
            assertThat(events).hasSizeLessThan(MOST_EVENTS / 5);
            assertThat(events.stream().mapToInt(HistoryEvent::getSerializedSize).sum())
                    .isLessThan(MOST_BYTES / 5);
            assertThat(events.stream().filter(HistoryEvent::hasWorkflowExecutionSignaledEventAttributes))
                    .hasSizeLessThan(MOST_SIGNALS);
            assertThat(activitiesUnderWay(events)).isZero();
        }
    }

    @Test
    void aTuningThatLosesItsTunerTwiceTakesFewEvents() throws InterruptedException {
        world.readyAfterLooks(3);
        world.refuse("tune", FailureKind.TUNER_LOST, "The pod is gone.");
        world.refuse("tune", FailureKind.TUNER_LOST, "The pod is gone again.");
        begin(Samples.desired(1, Samples.with(Samples.tuneThenServe("v1"), Samples.budget("900"))));
        awaitAmongMany(told -> told.phase() instanceof Phase.Serving);

        assertThat(client().fetchHistory(Samples.ID.workflowId()).getEvents()).hasSizeLessThan(500);
    }

    @Test
    void whatIsNotGoneYetIsAskedBackByTheNextRunToo() throws InterruptedException {
        world.heldAlready(claim());
        Undo.Release owed = new Undo.Release(claim());
        Ledger ledger = new Ledger();
        ledger.owe(owed);
        ledger.debts().refused(owed, "ws3 is drained.", Instant.ofEpochMilli(environment.currentTimeMillis()));
        DesiredState wish = Samples.desired(1, Samples.tuneThenServe("v1"));
        WorkspaceState carried =
                new WorkspaceState(wish, Orders.none(), new Phase.Serving(), "f1|Optional.empty|0", ledger);

        WorkflowClient.start(
                workflow::run, WorkspaceInput.first(Samples.ID, false).carrying(carried));
        environment.sleep(Duration.ofMinutes(2));

        assertThat(world.taken()).isEmpty();
        workflow.desire(Samples.deleted(2));
        awaitEnd();
    }

    @Test
    void aMachineThatDoesNotGoForAMonthTakesFewEvents() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        world.goneAfterReleases(Integer.MAX_VALUE);

        workflow.desire(Samples.deleted(2));
        awaitPhase(Phase.Releasing.class);
        environment.sleep(Duration.ofDays(30));

        assertThat(client().fetchHistory(Samples.ID.workflowId()).getEvents()).hasSizeLessThan(MOST_EVENTS / 5);
        world.goneAfterReleases(1);
        environment.sleep(Duration.ofHours(2));
        awaitEnd();
    }

    private static NodeRequest claim() {
        MachineOption option = new MachineOption("sku-x", 1, ByteSize.ofGibibytes(24), Optional.empty(), false);
        return new NodeRequest(Samples.ID, option, Samples.machines("sku-a"), 3);
    }

    /** Money alone is edited: nothing is done again, and everything is answered. */
    private static DesiredState edited(int version) {
        return Samples.desired(
                version,
                Samples.with(
                        Samples.tuneThenServe("v1"),
                        Samples.budget(BigDecimal.valueOf(100 + version).toPlainString())));
    }

    private WorkspaceSnapshot awaitFingerprint(String fingerprint) throws InterruptedException {
        return awaitAmongMany(told -> told.fingerprint().equals(fingerprint));
    }

    private static long activitiesUnderWay(List<HistoryEvent> events) {
        boolean movedOn = events.getLast().getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW;
        long scheduled = events.stream()
                .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                .count();
        long ended = events.stream()
                .filter(event -> event.hasActivityTaskCompletedEventAttributes()
                        || event.hasActivityTaskFailedEventAttributes()
                        || event.hasActivityTaskTimedOutEventAttributes()
                        || event.hasActivityTaskCanceledEventAttributes())
                .count();
        return movedOn ? scheduled - ended : 0;
    }
}
