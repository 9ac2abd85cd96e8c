package io.kaitoflow.worker.control.metrics;

import io.kaitoflow.activities.nodes.quota.QueueFigures;
import io.kaitoflow.bridge.reconcile.BridgeTimes;
import io.kaitoflow.bridge.status.BoardFigures;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The control plane's numbers, in Prometheus' text. What concerns all workspaces is said by the replica that writes their statuses
 * and is no number at the others, so that sums over replicas are right.
 */
public final class ControlMetrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Supplier<Optional<BoardFigures>>> figures = new AtomicReference<>(Optional::empty);
    private final MultiGauge phases;
    private final QueueMetrics queues;
    private final BridgeTimes times;

    public ControlMetrics() {
        times = new BridgeTimes(
                timer("kaitoflow.signal.lag", "From noticing a wish to its run having it")::record,
                timer("kaitoflow.reconcile", "One look at a Workspace")::record);
        phases = MultiGauge.builder("kaitoflow.workspaces")
                .description("Workspaces by phase")
                .register(registry);
        queues = new QueueMetrics(registry);
        Gauge.builder("kaitoflow.signal.waiting.seconds", times, wait -> seconds(wait.longestWait()))
                .description("How long the wish that waits longest for its run has waited")
                .register(registry);
        Gauge.builder("kaitoflow.leader", this, self -> self.read().isPresent() ? 1 : 0)
                .description("Whether this replica writes statuses")
                .register(registry);
        all("kaitoflow.leases.open", "Leases of machines that are held", BoardFigures::leases);
        all(
                "kaitoflow.dollars.per.hour",
                "What held machines cost, as far as prices are known",
                now -> now.hourlyUsd().doubleValue());
        all(
                "kaitoflow.releases.stuck",
                "What was asked back a quarter of an hour ago and is there",
                BoardFigures::stuck);
        new JvmMemoryMetrics().bindTo(registry);
    }

    /** To be told by the bridge. */
    public BridgeTimes times() {
        return times;
    }

    /** @param source of what concerns all workspaces; empty while another replica says it */
    public void read(Supplier<Optional<BoardFigures>> source) {
        figures.set(source);
    }

    /** @param source of what concerns namespaces; empty while another replica says it */
    public void readQueues(Supplier<List<QueueFigures>> source) {
        queues.read(source);
    }

    /** As Prometheus reads it. */
    public String text() {
        queues.refresh();
        phases.register(
                read().map(BoardFigures::byPhase).orElse(Map.of()).entrySet().stream()
                        .map(entry -> MultiGauge.Row.of(Tags.of("phase", entry.getKey()), entry.getValue()))
                        .toList(),
                true);
        return registry.scrape();
    }

    private Optional<BoardFigures> read() {
        return figures.get().get();
    }

    private void all(String name, String description, ToDoubleFunction<BoardFigures> figure) {
        Gauge.builder(name, this, self -> self.read().map(figure::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .register(registry);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    @Override
    public void close() {
        registry.close();
    }
}
