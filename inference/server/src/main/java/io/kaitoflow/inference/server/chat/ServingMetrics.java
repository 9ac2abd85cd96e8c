package io.kaitoflow.inference.server.chat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** What is measured of replies, per model name; never anything of their text. */
public final class ServingMetrics {

    private final MeterRegistry registry;

    /** Counts into {@code registry}; how busy the model is is read when it is asked for. */
    public ServingMetrics(MeterRegistry registry, RunningReplies running, Readiness readiness) {
        this.registry = registry;
        registry.gauge("kaitoflow.replies.running", running, RunningReplies::count);
        load("kaitoflow.batch.size", readiness, ModelLoad::active);
        load("kaitoflow.requests.queued", readiness, ModelLoad::queued);
        load("kaitoflow.cache.tokens", readiness, ModelLoad::cacheTokens);
        load("kaitoflow.cache.free.tokens", readiness, ModelLoad::freeCacheTokens);
    }

    private void load(String name, Readiness readiness, ToDoubleFunction<ModelLoad> part) {
        Gauge.builder(name, readiness, model -> part.applyAsDouble(model.load()))
                .register(registry);
    }

    void refused(String reason) {
        registry.counter("kaitoflow.requests.refused", "reason", reason).increment();
    }

    void firstToken(String model, Duration waited) {
        timer("kaitoflow.time.to.first.token", model, Duration.ofMillis(5)).record(waited);
    }

    /** @param afterFirst from the first token to the end; zero where there was none */
    void ended(String model, String outcome, Usage usage, Duration lasted, Duration afterFirst) {
        registry.counter("kaitoflow.replies", "model", model, "outcome", outcome)
                .increment();
        registry.counter("kaitoflow.prompt.tokens", "model", model).increment(usage.promptTokens());
        registry.counter("kaitoflow.prompt.cached.tokens", "model", model).increment(usage.cachedTokens());
        registry.counter("kaitoflow.generated.tokens", "model", model).increment(usage.completionTokens());
        timer("kaitoflow.reply.duration", model, Duration.ofMillis(5)).record(lasted);
        if (usage.completionTokens() > 1) {
            timer("kaitoflow.time.per.token", model, Duration.ofMillis(1))
                    .record(afterFirst.dividedBy(usage.completionTokens() - 1L));
        }
    }

    private Timer timer(String name, String model, Duration least) {
        return Timer.builder(name)
                .tag("model", model)
                .publishPercentileHistogram()
                .minimumExpectedValue(least)
                .maximumExpectedValue(Duration.ofMinutes(5))
                .register(registry);
    }
}
