package io.kaitoflow.bridge.status;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.status.Owed;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All workspaces together, as numbers.
 *
 * @param byPhase how many are in each phase, by its label
 * @param leases of machines that are held now
 * @param hourlyUsd what those cost, as far as prices are known
 * @param stuck things that were asked back long ago and are still there
 */
public record BoardFigures(Map<String, Integer> byPhase, int leases, BigDecimal hourlyUsd, int stuck) {

    /** A machine goes within minutes. */
    private static final Duration LONG_AGO = Duration.ofMinutes(15);

    public BoardFigures {
        byPhase = Map.copyOf(byPhase);
    }

    static BoardFigures of(List<WorkspaceSnapshot> snapshots, Instant now) {
        Map<String, Integer> byPhase = new TreeMap<>();
        snapshots.forEach(snapshot -> byPhase.merge(snapshot.phase().label(), 1, Integer::sum));
        List<Spending> running = snapshots.stream()
                .flatMap(snapshot -> snapshot.account().stream())
                .map(Account::spending)
                .filter(Spending::running)
                .toList();
        BigDecimal usd = running.stream()
                .flatMap(spending -> spending.hourlyUsd().stream())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        long stuck = snapshots.stream()
                .flatMap(snapshot -> snapshot.owed().stream())
                .filter(owed -> isStuck(owed, now))
                .count();
        return new BoardFigures(byPhase, running.size(), usd, (int) stuck);
    }

    private static boolean isStuck(Owed owed, Instant now) {
        return owed.since().filter(now.minus(LONG_AGO)::isAfter).isPresent();
    }
}
