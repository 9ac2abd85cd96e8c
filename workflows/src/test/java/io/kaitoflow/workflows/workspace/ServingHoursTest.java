package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.kaitoflow.workflows.workspace.wish.Orders;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** For how long a model is served, and what comes then. */
class ServingHoursTest extends WorkspaceTest {

    private static final Duration TWO = Duration.ofHours(2);

    @Test
    @Recorded
    void whenItsHoursAreOverServingEndsTheMachineGoesBackAndARaisedNumberServesAgain() throws InterruptedException {
        begin(servedFor(1, TWO));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(119));
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);

        environment.sleep(Duration.ofMinutes(2));

        WorkspaceSnapshot ended = awaitPhase(Phase.Paused.class);
        assertThat(((Phase.Paused) ended.phase()).reason())
                .contains(
                        "served for 2.00 of the 2.00 hours of kaito.sh/serving-max-hours",
                        "Raise the number or remove");
        assertThat(ended.endpoint()).isEmpty();
        assertThat(world.taken()).isEmpty();

        workflow.desire(servedFor(2, Duration.ofHours(3)));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(58));
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(4));
        awaitPhase(Phase.Paused.class);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void anEndThatIsNearIsToldAndTakenBackWithTheAnnotation() throws InterruptedException {
        begin(servedFor(1, TWO));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(100));

        WorkspaceSnapshot near =
                awaitSnapshot(told -> told.account().flatMap(Account::warning).isPresent());
        assertThat(near.phase()).isInstanceOf(Phase.Serving.class);
        assertThat(near.account().flatMap(Account::warning).orElseThrow())
                .contains("Serving ends at ", "2.00 hours of kaito.sh/serving-max-hours");

        workflow.desire(Samples.desired(2, served()));
        assertThat(awaitSnapshot(told -> told.fingerprint().equals("f2"))
                        .account()
                        .flatMap(Account::warning))
                .isEmpty();
        environment.sleep(Duration.ofDays(9));
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
    }

    @Test
    void aNumberThatIsUsedUpWhenItIsWrittenEndsServingAtOnce() throws InterruptedException {
        begin(Samples.desired(1, served()));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofHours(5));

        workflow.desire(servedFor(2, TWO));

        awaitPhase(Phase.Paused.class);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void timeInWhichNothingIsServedDoesNotCount() throws InterruptedException {
        begin(servedFor(1, TWO));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofHours(1));
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        environment.sleep(Duration.ofDays(1));
        order(Action.RESUME);
        awaitPhase(Phase.Serving.class);

        environment.sleep(Duration.ofMinutes(58));
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(3));

        awaitPhase(Phase.Paused.class);
    }

    @Test
    void aRetryAfterTheEndServesNothingAndIsAnswered() throws InterruptedException {
        begin(servedFor(1, TWO));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofHours(3));
        awaitPhase(Phase.Paused.class);
        world.forgetCalls();

        workflow.desire(servedFor(2, Duration.ofHours(1)));

        assertThat(awaitSnapshot(told -> told.fingerprint().equals("f2")).phase())
                .isInstanceOf(Phase.Paused.class);
        assertThat(world.calls()).doesNotContain("claim sku-a", "roll");
    }

    @Test
    void whatIsTunedAfterTheEndIsPushedAndNotServed() throws InterruptedException {
        WorkspaceRequest first = Samples.with(Samples.tuneThenServe("v1"), Samples.servedFor(TWO));
        begin(Samples.desired(1, first));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofHours(3));
        awaitPhase(Phase.Paused.class);
        world.forgetCalls();

        workflow.desire(Samples.desired(2, Samples.with(Samples.tuneThenServe("v2"), Samples.servedFor(TWO))));

        WorkspaceSnapshot pushed = awaitSnapshot(told -> told.phase() instanceof Phase.Paused
                && told.output()
                        .filter(image -> image.image().equals(Samples.pushed("v2")))
                        .isPresent());
        assertThat(pushed.fingerprint()).isEqualTo("f2");
        assertThat(world.calls()).doesNotContain("roll");
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aRunThatGoesOnFromAnotherEndsServingWhenItIsDue() throws InterruptedException {
        Instant now = Instant.ofEpochMilli(environment.currentTimeMillis());
        Ledger ledger = new Ledger();
        ledger.serving(new StepKey("k"), new Endpoint("http://geo", "geo"), now.minus(Duration.ofHours(1)));
        WorkspaceState carried = new WorkspaceState(
                servedFor(1, TWO), Orders.none(), new Phase.Serving(), "f1|Optional.empty|0", ledger);

        WorkflowClient.start(
                workflow::run, WorkspaceInput.first(Samples.ID, false).carrying(carried));
        environment.sleep(Duration.ofMinutes(58));
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(3));

        awaitPhase(Phase.Paused.class);
    }

    private static WorkspaceRequest served() {
        return Samples.serve("registry.example.com/facts@" + Samples.DIGEST);
    }

    private static DesiredState servedFor(long version, Duration time) {
        return Samples.desired(version, Samples.with(served(), Samples.servedFor(time)));
    }
}
