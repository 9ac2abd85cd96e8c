package io.kaitoflow.worker.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.quota.Amount;
import io.kaitoflow.activities.nodes.quota.Cap;
import io.kaitoflow.activities.nodes.quota.QueueFigures;
import io.kaitoflow.bridge.status.BoardFigures;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlMetricsTest {

    private final ControlMetrics metrics = new ControlMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void theReplicaThatWritesStatusesSaysWhatConcernsAll() {
        metrics.read(
                () -> Optional.of(new BoardFigures(Map.of("Serving", 3, "Tuning", 1), 4, new BigDecimal("14.68"), 2)));

        assertThat(metrics.text().lines())
                .contains(
                        "kaitoflow_workspaces{phase=\"Serving\"} 3.0",
                        "kaitoflow_workspaces{phase=\"Tuning\"} 1.0",
                        "kaitoflow_leases_open 4.0",
                        "kaitoflow_dollars_per_hour 14.68",
                        "kaitoflow_releases_stuck 2.0",
                        "kaitoflow_leader 1.0");
    }

    @Test
    void aPhaseThatNobodyIsInAnyMoreIsNotSaidAnyMore() {
        metrics.read(() -> Optional.of(new BoardFigures(Map.of("Tuning", 1), 1, BigDecimal.ONE, 0)));
        assertThat(metrics.text()).contains("phase=\"Tuning\"");

        metrics.read(() -> Optional.of(new BoardFigures(Map.of("Serving", 1), 1, BigDecimal.ONE, 0)));

        assertThat(metrics.text()).contains("phase=\"Serving\"").doesNotContain("phase=\"Tuning\"");
    }

    @Test
    void anotherReplicaSaysNoNumberSoThatSumsAreRight() {
        assertThat(metrics.text().lines())
                .contains("kaitoflow_leases_open NaN", "kaitoflow_dollars_per_hour NaN", "kaitoflow_leader 0.0")
                .noneMatch(line -> line.startsWith("kaitoflow_workspaces{"));
    }

    @Test
    void ofEachQueueItIsSaidWhatIsUsedOfWhatAndHowManyWait() {
        Cap cap = new Cap(OptionalInt.of(8), Optional.empty(), Optional.of(new BigDecimal("5000")));
        metrics.readQueues(() -> List.of(new QueueFigures(
                "team-a", Optional.of(cap), new Amount(7, new BigDecimal("25.69")), new BigDecimal("4321.5"), 3)));

        assertThat(metrics.text().lines())
                .contains(
                        "kaitoflow_quota_waiting{workspace_namespace=\"team-a\"} 3.0",
                        "kaitoflow_quota_gpus_used{workspace_namespace=\"team-a\"} 7.0",
                        "kaitoflow_quota_gpus{workspace_namespace=\"team-a\"} 8.0",
                        "kaitoflow_quota_dollars_per_hour_used{workspace_namespace=\"team-a\"} 25.69",
                        "kaitoflow_quota_dollars_this_month_spent{workspace_namespace=\"team-a\"} 4321.5",
                        "kaitoflow_quota_dollars_per_month{workspace_namespace=\"team-a\"} 5000.0")
                .noneMatch(line -> line.startsWith("kaitoflow_quota_dollars_per_hour{"));

        metrics.readQueues(List::of);

        assertThat(metrics.text()).doesNotContain("team-a");
    }

    @Test
    void alertsAndTheDashboardAskForNothingThatIsNotShown() throws IOException {
        Cap cap = new Cap(OptionalInt.of(8), Optional.of(BigDecimal.TEN), Optional.of(new BigDecimal("5000")));
        metrics.read(() -> Optional.of(new BoardFigures(Map.of("Failed", 1), 1, BigDecimal.ONE, 0)));
        metrics.readQueues(() -> List.of(
                new QueueFigures("team-a", Optional.of(cap), new Amount(7, BigDecimal.ONE), BigDecimal.ONE, 3)));
        Set<String> shown = metrics.text()
                .lines()
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toSet());

        assertThat(names("templates/metrics.yaml")).isNotEmpty().isSubsetOf(shown);
        assertThat(names("dashboards/kaitoflow.json")).isNotEmpty().isSubsetOf(shown);
    }

    private static Set<String> names(String file) throws IOException {
        return Pattern.compile("\\b(?:kaitoflow|jvm)_\\w+")
                .matcher(Files.readString(Path.of("../../helm", file)))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void howFastTheBridgeIsIsSaidByEachReplica() {
        assertThat(metrics.text())
                .contains("kaitoflow_signal_lag_seconds_bucket{le=\"0.05\"} 0")
                .contains("kaitoflow_signal_waiting_seconds 0.0")
                .contains("kaitoflow_reconcile_seconds_count 0");
    }
}
