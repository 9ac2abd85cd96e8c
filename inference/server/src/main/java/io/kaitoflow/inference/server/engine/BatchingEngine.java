package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.sampling.StepScheduler;
import java.util.function.LongFunction;

/** Requests that are computed together, step by step, with their keys and values in shared pages. */
final class BatchingEngine {

    private BatchingEngine() {}

    /** @param decoder is made when the adapters are known to fit, and told the bytes that they take beside the heap */
    static Engine start(
            ModelConfiguration model,
            LongFunction<BatchDecoder> decoder,
            EngineSettings settings,
            Owned owned,
            LoadPhases phases) {
        AdapterShelf adapters = new AdapterShelf(model);
        settings.adapters().forEach((name, source) -> adapters.load(name, source.read(settings.base())));
        phases.ended("adapters");
        BatchDecoder made = decoder.apply(adapters.bytes());
        StepScheduler scheduler = new StepScheduler(model, adapters, made, settings.queue());
        owned.add(scheduler::close);
        phases.ended("cache");
        return new Engine(scheduler, adapters, made.settings().context());
    }
}
