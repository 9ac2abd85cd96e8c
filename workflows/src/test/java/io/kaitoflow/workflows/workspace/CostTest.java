package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What machines cost, and what is done when it becomes too much. */
class CostTest extends WorkspaceTest {

    @Test
    void spendingIsPriceTimesTimeAndStopsWhenTheMachineIsBack() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        Account serving = awaitPhase(Phase.Serving.class).account().orElseThrow();
        assertThat(serving.spending().hourlyUsd().orElseThrow()).isEqualByComparingTo("3.67");
        Instant start = serving.spending().since().orElseThrow();
        assertThat(serving.spending().usd(start.plus(Duration.ofHours(2)))).isEqualByComparingTo("7.34");

        environment.sleep(Duration.ofHours(1));
        order(Action.PAUSE);
        Account paused = awaitPhase(Phase.Paused.class).account().orElseThrow();

        assertThat(paused.spending().running()).isFalse();
        assertThat(paused.spending().settledUsd().doubleValue()).isBetween(3.67, 3.7);
    }

    @Test
    @Recorded
    void aBudgetIsWarnedOfThenPausesAndGoesOnWhenItIsRaised() throws InterruptedException {
        loseTheTunerTwice();
        begin(Samples.desired(1, bounded(Samples.budget("0.0122"))));

        WorkspaceSnapshot warned =
                awaitSnapshot(told -> told.account().flatMap(Account::warning).isPresent());
        assertThat(warned.phase()).isInstanceOf(Phase.Tuning.class);
        assertThat(warned.account().flatMap(Account::warning).orElseThrow())
                .contains("of kaito.sh/budget-usd are used by tuning: $0.01 of $0.0122.", "At 100 % tuning pauses.");

        WorkspaceSnapshot paused = awaitPhase(Phase.Paused.class);
        assertThat(((Phase.Paused) paused.phase()).reason())
                .contains("% of kaito.sh/budget-usd", "$0.0122", "Raise it to go on from the checkpoint.");
        assertThat(world.taken()).isEmpty();

        workflow.desire(Samples.desired(2, bounded(Samples.budget("20"))));
        awaitPhase(Phase.Serving.class);
    }

    @Test
    @Recorded
    void anExtensionGoesOnFromThePauseUntilTheAnnotationChanges() throws InterruptedException {
        loseTheTunerTwice();
        begin(Samples.desired(1, bounded(Samples.budget("0.0122"))));
        awaitPhase(Phase.Paused.class);

        workflow.order(Order.extend(Optional.of(new BigDecimal("20")), Optional.empty(), "the deadline"));

        WorkspaceSnapshot serving = awaitPhase(Phase.Serving.class);
        assertThat(serving.account().flatMap(Account::budgetUsd)).contains(new BigDecimal("20"));
        workflow.desire(Samples.desired(2, bounded(Samples.budget("7"))));
        assertThat(awaitSnapshot(told -> told.fingerprint().equals("f2"))
                        .account()
                        .flatMap(Account::budgetUsd))
                .contains(new BigDecimal("7"));
    }

    @Test
    void anExtensionThatExtendsNothingIsRefusedInWords() throws InterruptedException {
        begin(Samples.desired(1, bounded(Samples.budget("20"))));
        awaitPhase(Phase.Serving.class);

        assertThatThrownBy(
                        () -> workflow.answered(Order.extend(Optional.of(new BigDecimal("5")), Optional.empty(), "")))
                .hasStackTraceContaining("kaito.sh/budget-usd is 20 now; an extension names more.");
        assertThatThrownBy(() -> workflow.answered(Order.extend(Optional.empty(), Optional.of(BigDecimal.ONE), "")))
                .hasStackTraceContaining("There is no kaito.sh/max-hours to extend");
        workflow.order(new Order("extend", 0, ""));
        assertThat(awaitSnapshot(told -> told.objection().isPresent())
                        .objection()
                        .orElseThrow())
                .contains("An extension names budgetUsd or maxHours");
    }

    @Test
    void hoursAreBoundedOverAllTries() throws InterruptedException {
        loseTheTunerTwice();
        begin(Samples.desired(1, bounded(Samples.atMost(Duration.ofSeconds(12)))));

        assertThat(((Phase.Paused) awaitPhase(Phase.Paused.class).phase()).reason())
                .contains("% of kaito.sh/max-hours are used by tuning: 0.00 of 0.00 hours.");
        world.forgetCalls();

        order(Action.RETRY);
        awaitTurn();
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Paused.class);
        assertThat(world.calls()).isEmpty();
    }

    @Test
    void servingIsNotBounded() throws InterruptedException {
        begin(Samples.desired(1, bounded(Samples.budget("1"))));
        awaitPhase(Phase.Serving.class);

        environment.sleep(Duration.ofHours(5));

        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
    }

    @Test
    @Recorded
    void whatIsLeftIsNamedWithTheProvidersAnswer() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        assertThat(awaitPhase(Phase.Serving.class).owed())
                .extracting(owed -> owed.what())
                .containsExactly("machine sku-a (claim ws1)", "server");
        world.goneAfterReleases(3);

        workflow.desire(Samples.deleted(2));

        WorkspaceSnapshot stuck = awaitSnapshot(
                told -> told.owed().stream().anyMatch(owed -> owed.answer().isPresent()));
        assertThat(stuck.owed()).hasSize(1);
        assertThat(stuck.owed().getFirst().what()).isEqualTo("machine sku-a (claim ws1)");
        assertThat(stuck.owed().getFirst().since()).isPresent();
        assertThat(stuck.owed().getFirst().answer()).contains("ws1 is drained.");
        awaitEnd();
    }

    @Test
    @Recorded
    void aProviderThatFailsIsQuoted() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        List.of(1, 2, 3).forEach(call -> world.refuse("release", FailureKind.INTERNAL, "The cloud answered 503."));

        workflow.desire(Samples.deleted(2));

        assertThat(awaitSnapshot(told -> told.owed().stream()
                                .anyMatch(owed -> owed.answer().isPresent()))
                        .owed()
                        .getFirst()
                        .answer())
                .contains("The cloud answered 503.");
        awaitEnd();
    }

    /** The pauses of five and ten seconds before the next tries are time that can be skipped. */
    private void loseTheTunerTwice() {
        world.refuse("tune", FailureKind.TUNER_LOST, "The pod is gone.");
        world.refuse("tune", FailureKind.TUNER_LOST, "The pod is gone again.");
    }

    /** A query is answered after all that came before it. */
    private void awaitTurn() {
        assertThat(workflow.snapshot().fingerprint()).isEqualTo("f1");
    }

    private static WorkspaceRequest bounded(Terms terms) {
        return Samples.with(Samples.tuneThenServe("v1"), terms);
    }
}
