package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.sampling.StepScheduler;
import java.util.function.Supplier;

/** Requests that are computed together, step by step, with their keys and values in shared pages. */
final class BatchingEngine {

    private BatchingEngine() {}

    /** @param decoder is made when the adapters are known to fit */
    static Engine start(
            ModelConfiguration model,
            Supplier<BatchDecoder> decoder,
            EngineSettings settings,
            Owned owned,
            LoadPhases phases) {
        AdapterShelf adapters = new AdapterShelf(model);
        settings.adapters().forEach((name, source) -> adapters.load(name, source.read(settings.base())));
        phases.ended("adapters");
        BatchDecoder made = decoder.get();
        StepScheduler scheduler = new StepScheduler(model, adapters, made, settings.queue());
        owned.add(scheduler::close);
        phases.ended("cache");
        return new Engine(scheduler, adapters, made.settings().context());
    }
}
