package io.kaitoflow.worker.control.metrics;

import io.kaitoflow.activities.nodes.quota.Cap;
import io.kaitoflow.activities.nodes.quota.QueueFigures;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/** What each namespace uses of its cap, and how many claims wait there. What no cap bounds is no number. */
final class QueueMetrics {

    private final AtomicReference<Supplier<List<QueueFigures>>> source = new AtomicReference<>(List::of);
    private final Map<MultiGauge, Function<QueueFigures, Optional<? extends Number>>> gauges = new LinkedHashMap<>();

    QueueMetrics(MeterRegistry registry) {
        gauge(registry, "waiting", "Claims that wait for their turn", queue -> Optional.of(queue.waiting()));
        gauge(
                registry,
                "gpus.used",
                "GPUs of claims that are counted",
                queue -> Optional.of(queue.used().gpus()));
        gauge(
                registry,
                "gpus",
                "GPUs that the namespace may use at once",
                queue -> queue.cap().flatMap(cap -> cap.gpus().stream().boxed().findFirst()));
        gauge(
                registry,
                "dollars.per.hour.used",
                "List price of claims that are counted",
                queue -> Optional.of(queue.used().usdPerHour()));
        gauge(
                registry,
                "dollars.per.hour",
                "List price that the namespace may use at once",
                queue -> queue.cap().flatMap(Cap::usdPerHour));
        gauge(
                registry,
                "dollars.this.month.spent",
                "List price of what was and is held in this month",
                queue -> queue.cap().flatMap(Cap::usdPerMonth).map(most -> queue.spent()));
        gauge(
                registry,
                "dollars.per.month",
                "List price beyond which nothing more that costs is claimed in a month",
                queue -> queue.cap().flatMap(Cap::usdPerMonth));
    }

    void read(Supplier<List<QueueFigures>> figures) {
        source.set(figures);
    }

    /** Takes the numbers of now, and forgets namespaces that have none any more. */
    void refresh() {
        List<QueueFigures> queues = source.get().get();
        gauges.forEach((gauge, number) -> gauge.register(
                queues.stream()
                        .flatMap(queue -> number.apply(queue).stream().map(now -> row(queue, now)))
                        .toList(),
                true));
    }

    private static MultiGauge.Row<?> row(QueueFigures queue, Number now) {
        return MultiGauge.Row.of(Tags.of("workspace_namespace", queue.namespace()), now);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            Function<QueueFigures, Optional<? extends Number>> number) {
        gauges.put(
                MultiGauge.builder("kaitoflow.quota." + name)
                        .description(description)
                        .register(registry),
                number);
    }
}
