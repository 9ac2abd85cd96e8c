package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.wish.Orders;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of a run that lost its machine where no other can be had. */
class ReplacementTest extends WorkspaceTest {

    private static final String GONE = "NodeClaim ws1 for a sku-a is gone although nobody of ours deleted it.";
    private static final String NONE_LEFT = "There is no sku-a left.";

    @Test
    @Recorded
    void itIsAskedForAgainAfterPausesThatGrowAndTheStatusSaysWhen() throws InterruptedException {
        serve();
        lose(FailureKind.CAPACITY_MISSING, 3);

        Phase.Provisioning first = awaitWait();
        assertThat(first.reason())
                .startsWith("The machine was lost, and none can be had in its place: " + NONE_LEFT)
                .endsWith("; kaito.sh/retry asks at once.");
        Instant told = next(first);
        assertThat(workflow.snapshot().endpoint()).isEmpty();
        assertThat(world.taken()).isEmpty();

        WorkspaceSnapshot healed = awaitAmongMany(seen -> seen.phase() instanceof Phase.Serving);

        assertThat(answers(healed)).startsWith("The machine was lost. " + GONE, NONE_LEFT, NONE_LEFT, NONE_LEFT);
        List<Instant> asked = healed.attempts().stream()
                .filter(attempt -> attempt.answer().equals(NONE_LEFT))
                .map(Attempt::at)
                .toList();
        assertThat(between(asked, 0)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(75));
        assertThat(between(asked, 1)).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(135));
        assertThat(Duration.between(told, asked.get(1))).isBetween(Duration.ZERO, Duration.ofSeconds(15));
        assertThat(claims()).hasSize(4);
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 5", "server");
    }

    @Test
    void aWaitOfDaysAsksOnceAnHour() throws InterruptedException {
        serve();
        lose(FailureKind.CAPACITY_MISSING, 1000);
        awaitWait();

        environment.sleep(Duration.ofHours(24));

        assertThat(claims()).hasSizeBetween(25, 35);
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Provisioning.class);
    }

    @Test
    @Recorded
    void aRetryAsksAtOnceAndLeavesTheServerThatComesAlone() throws InterruptedException {
        serve();
        lose(FailureKind.QUOTA_EXCEEDED, 1);
        awaitWait();
        long before = environment.currentTimeMillis();

        order(Action.RETRY);
        awaitPhase(Phase.Serving.class);

        assertThat(Duration.ofMillis(environment.currentTimeMillis() - before)).isLessThan(Duration.ofSeconds(50));
        assertThat(world.calls()).containsOnlyOnce("roll");
    }

    @Test
    @Recorded
    void aTuningThatLostItsMachineGoesThroughAllKindsAgainAndGoesOnFromItsCheckpoint() throws InterruptedException {
        world.refuse("tune", FailureKind.TUNER_LOST, "It fell silent.");
        world.refuse("observe", FailureKind.NODE_NOT_READY, GONE);
        world.hold("startTuner");
        begin(Samples.desired(1, Samples.tune("v1")));
        world.awaitReached("startTuner");
        refuseClaims(FailureKind.CAPACITY_MISSING, 3);
        world.letGo("startTuner");

        awaitWait();
        WorkspaceSnapshot done = awaitPhase(Phase.Completed.class);

        assertThat(claims()).containsExactly("claim sku-a", "claim sku-a", "claim sku-b", "claim sku-a", "claim sku-b");
        assertThat(done.resumes()).isEqualTo(1);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aPauseEndsTheWaitAndAResumeTakesItUpAgain() throws InterruptedException {
        serve();
        lose(FailureKind.CAPACITY_MISSING, 2);
        awaitWait();

        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        environment.sleep(Duration.ofHours(3));
        assertThat(claims()).hasSize(1);

        order(Action.RESUME);
        awaitWait();
        assertThat(awaitPhase(Phase.Serving.class).nodes()).hasSize(1);
        assertThat(claims()).hasSize(3);
    }

    @Test
    void aRunThatFollowsOneThatWaitedWaitsToo() throws InterruptedException {
        Ledger ledger = new Ledger();
        ledger.replace(true);
        refuseClaims(FailureKind.CAPACITY_MISSING, 1);
        WorkspaceState carried = new WorkspaceState(
                Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)),
                Orders.none(),
                new Phase.Paused("A person paused it."),
                "",
                ledger);

        WorkflowClient.start(
                workflow::run, WorkspaceInput.first(Samples.ID, false).carrying(carried));

        awaitWait();
        awaitPhase(Phase.Serving.class);
    }

    @Test
    void otherKindsThatAreNamedMeanwhileAreAskedForAtOnce() throws InterruptedException {
        serve();
        lose(FailureKind.CAPACITY_MISSING, 1);
        awaitWait();

        WorkspaceRequest before = Samples.serve("registry.example.com/facts@" + Samples.DIGEST);
        workflow.desire(Samples.desired(
                2,
                new WorkspaceRequest(
                        before.id(), before.goal(), Samples.machines("sku-c"), before.terms(), before.serving())));
        awaitPhase(Phase.Serving.class);

        assertThat(claims()).containsExactly("claim sku-a", "claim sku-c");
    }

    @Test
    void whatNoTimeHelpsAgainstFailsAtOnce() throws InterruptedException {
        serve();
        lose(FailureKind.SKU_UNAVAILABLE, 1);

        assertThat(failed()).isEqualTo(FailureKind.SKU_UNAVAILABLE);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aFirstMachineThatCannotBeHadStillFails() throws InterruptedException {
        refuseClaims(FailureKind.CAPACITY_MISSING, 1);

        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));

        assertThat(failed()).isEqualTo(FailureKind.CAPACITY_MISSING);
    }

    private FailureKind failed() throws InterruptedException {
        return ((Phase.Failed) awaitPhase(Phase.Failed.class).phase()).failure().kind();
    }

    private void serve() throws InterruptedException {
        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();
    }

    private void lose(FailureKind answer, int times) {
        world.refuse("observe", FailureKind.NODE_NOT_READY, GONE);
        refuseClaims(answer, times);
        workflow.nodeObserved("ws1");
    }

    private void refuseClaims(FailureKind answer, int times) {
        IntStream.range(0, times).forEach(time -> world.refuse("claim", answer, NONE_LEFT));
    }

    private Phase.Provisioning awaitWait() throws InterruptedException {
        return (Phase.Provisioning) awaitSnapshot(
                        told -> told.phase() instanceof Phase.Provisioning(String _, String reason)
                                && reason.contains("asked for again at"))
                .phase();
    }

    private static Instant next(Phase.Provisioning wait) {
        return Instant.parse(wait.reason().replaceAll(".*asked for again at ([^;]+);.*", "$1"));
    }

    private static Duration between(List<Instant> asked, int one) {
        return Duration.between(asked.get(one), asked.get(one + 1));
    }

    private static List<String> answers(WorkspaceSnapshot told) {
        return told.attempts().stream().map(Attempt::answer).toList();
    }

    private List<String> claims() {
        return world.calls().stream().filter(call -> call.startsWith("claim")).toList();
    }
}
