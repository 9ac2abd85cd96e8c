package io.kaitoflow.inference.server.chat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What is measured of replies, per model name; never anything of their text. */
public final class ServingMetrics {

    private final MeterRegistry registry;

    /** Counts into {@code registry}; the number of running replies is read when it is asked for. */
    public ServingMetrics(MeterRegistry registry, RunningReplies running) {
        this.registry = registry;
        registry.gauge("kaitoflow.replies.running", running, RunningReplies::count);
    }

    void refused(String reason) {
        registry.counter("kaitoflow.requests.refused", "reason", reason).increment();
    }

    void firstToken(String model, Duration waited) {
        timer("kaitoflow.time.to.first.token", model).record(waited);
    }

    void ended(String model, String outcome, Usage usage, Duration lasted) {
        registry.counter("kaitoflow.replies", "model", model, "outcome", outcome)
                .increment();
        registry.counter("kaitoflow.prompt.tokens", "model", model).increment(usage.promptTokens());
        registry.counter("kaitoflow.generated.tokens", "model", model).increment(usage.completionTokens());
        timer("kaitoflow.reply.duration", model).record(lasted);
    }

    private Timer timer(String name, String model) {
        return Timer.builder(name)
                .tag("model", model)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofMinutes(5))
                .register(registry);
    }
}
