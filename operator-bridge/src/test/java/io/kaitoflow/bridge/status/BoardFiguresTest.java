package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Owed;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoardFiguresTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Spending NONE = Spending.none();

    @Test
    void phasesLeasesAndDollarsAreSummedOverAllWorkspaces() {
        StatusBoard board = new StatusBoard();
        board.told(snapshot("a", new Phase.Serving(), held("3.67"), Optional.empty()));
        board.told(snapshot("b", new Phase.Serving(), held("1.33"), Optional.empty()));
        board.told(snapshot("c", new Phase.Accepted(), NONE, Optional.empty()));
        board.told(snapshot("d", new Phase.Completed(), held("9").ended(START), Optional.empty()));
        board.told(snapshot("e", new Phase.Serving(), NONE.begun(START, Optional.empty()), Optional.empty()));

        BoardFigures figures = board.figures(START);

        assertThat(figures.byPhase()).isEqualTo(Map.of("Serving", 3, "Accepted", 1, "Completed", 1));
        assertThat(figures.leases()).isEqualTo(3);
        assertThat(figures.hourlyUsd()).isEqualByComparingTo("5.00");
        assertThat(figures.stuck()).isZero();
    }

    @Test
    void whatWasAskedBackLongAgoIsStuck() {
        StatusBoard board = new StatusBoard();
        board.told(snapshot("a", new Phase.Releasing(), NONE, Optional.of(START)));
        board.told(snapshot("b", new Phase.Releasing(), NONE, Optional.of(START.plus(Duration.ofMinutes(10)))));

        assertThat(board.figures(START.plus(Duration.ofMinutes(5))).stuck()).isZero();
        assertThat(board.figures(START.plus(Duration.ofMinutes(16))).stuck()).isEqualTo(1);
        assertThat(board.figures(START.plus(Duration.ofMinutes(26))).stuck()).isEqualTo(2);
    }

    private static Spending held(String hourly) {
        return NONE.begun(START, Optional.of(new BigDecimal(hourly)));
    }

    private static WorkspaceSnapshot snapshot(String name, Phase phase, Spending spending, Optional<Instant> asked) {
        return WorkspaceSnapshot.builder(new WorkspaceId("team", name, name), "f", phase)
                .account(Optional.of(new Account(spending, Optional.empty(), Optional.empty())))
                .owed(List.of(new Owed("machine sku-a", asked, Optional.empty())))
                .build();
    }
}
