package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Owed;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a status says of money, of what is left, and of an output that was taken over. */
class AccountRenderingTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final WorkspaceId ID = new WorkspaceId("team", "w", "u");
    private static final Spending HELD = Spending.none().begun(START, Optional.of(new BigDecimal("3.670")));

    @Test
    void costIsPriceTimesTimeUntilNow() {
        WorkspaceStatus.Cost cost = cost(HELD, Optional.of(new BigDecimal("20.00")), Duration.ofMinutes(90));

        assertThat(cost.text()).isEqualTo("5.51 of 20 USD, 3.67 an hour");
        assertThat(cost.spentUsd()).isEqualTo(5.51);
        assertThat(cost.hourlyUsd()).isEqualTo(3.67);
        assertThat(cost.budgetUsd()).isEqualTo(20.0);
    }

    @Test
    void aMachineThatIsBackCostsNothingMore() {
        Spending back = HELD.ended(START.plus(Duration.ofHours(1)));

        assertThat(cost(back, Optional.empty(), Duration.ofHours(9)).text()).isEqualTo("3.67 USD");
        assertThat(cost(back, Optional.empty(), Duration.ofHours(9)).hourlyUsd())
                .isNull();
    }

    @Test
    void aPriceThatNobodyKnowsIsSaid() {
        Spending unknown = Spending.none().begun(START, Optional.empty());

        assertThat(cost(unknown, Optional.empty(), Duration.ofHours(1)).text()).isEqualTo("0.00 USD, price not known");
    }

    @Test
    void withoutAMachineThereIsNoCost() {
        assertThat(render(snapshot(new Account(Spending.none(), Optional.empty(), Optional.empty())), START)
                        .cost())
                .isNull();
    }

    @Test
    void theRunIsNamed() {
        assertThat(render(snapshot(account(HELD)), START).runId()).isEqualTo("run-1");
    }

    @Test
    void aDeletionNamesWhatIsLeftItsProvidersAnswerAndTheWayOut() {
        Condition deleting = condition("WorkspaceDeleting");

        assertThat(deleting.getMessage())
                .contains(
                        "machine sku-a (claim ws1), asked back since 2026-01-01T00:00:00Z; last answer: It is drained.")
                .contains("kubectl annotate workspace w -n team kaito.sh/force-delete=true");
    }

    @Test
    void anOutputThatCouldNotBeVerifiedSaysSo() {
        assertThat(condition("OutputPushed").getMessage()).endsWith("could not be verified.");
    }

    private static Condition condition(String type) {
        return Conditions.of(render(snapshot(account(HELD)), START), type);
    }

    private static WorkspaceStatus.Cost cost(Spending spending, Optional<BigDecimal> budget, Duration later) {
        WorkspaceStatus.Cost cost = render(snapshot(new Account(spending, budget, Optional.empty())), START.plus(later))
                .cost();
        assertThat(cost).isNotNull();
        return Objects.requireNonNull(cost);
    }

    private static Account account(Spending spending) {
        return new Account(spending, Optional.empty(), Optional.empty());
    }

    private static WorkspaceStatus render(WorkspaceSnapshot snapshot, Instant now) {
        return new StatusRenderer()
                .render(new StatusView(
                        ID, Optional.of(snapshot), true, Optional.empty(), Optional.empty(), Optional.empty(), 1, now));
    }

    private static WorkspaceSnapshot snapshot(Account account) {
        PushedImage image =
                new PushedImage(ImageReference.parse("registry.example/a/b:1"), Digest.ofSha256(new byte[32]), "");
        return WorkspaceSnapshot.builder(ID, "f", new Phase.Releasing())
                .output(Optional.of(image))
                .runId(Optional.of("run-1"))
                .account(Optional.of(account))
                .owed(List.of(new Owed("machine sku-a (claim ws1)", Optional.of(START), Optional.of("It is drained."))))
                .madeFrom(Optional.of("00ff"))
                .remark(Optional.of("It could not be verified."))
                .build();
    }
}
