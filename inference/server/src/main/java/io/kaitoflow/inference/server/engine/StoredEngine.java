package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.sampling.StepScheduler;
import io.kaitoflow.inference.tensor.ComputeType;

/** Weights computed as they lie in their file, without PyTorch. */
final class StoredEngine {

    /** Tokens of one step: enough to read the weights once for many, few enough to be done soon. */
    private static final int ROWS = 256;

    private StoredEngine() {}

    static Engine start(DecodeModel model, EngineSettings settings, Owned owned, LoadPhases phases) {
        owned.add(model::close);
        phases.ended("weights");
        int tokens = settings.sharedTokens();
        int context = settings.sharedContextOf(model.configuration().maximumPositions());
        AdapterShelf adapters = new AdapterShelf(model.configuration());
        settings.adapters().forEach((name, source) -> adapters.load(name, source.read(settings.base())));
        phases.ended("adapters");
        BatchDecoder.Settings limits = new BatchDecoder.Settings(
                tokens,
                context,
                settings.slots(),
                Math.max(ROWS, settings.slots()),
                Runtime.getRuntime().availableProcessors(),
                settings.arithmetic().type() == ComputeType.BFLOAT16,
                settings.arithmetic().deterministic());
        MemoryNeed.of(settings.model(), BatchDecoder.cacheBytes(model.configuration(), limits))
                .requireHere();
        BatchDecoder decoder = new BatchDecoder(model, limits);
        StepScheduler scheduler = new StepScheduler(model.configuration(), adapters, decoder, settings.queue());
        owned.add(scheduler::close);
        phases.ended("cache");
        return new Engine(scheduler, new Shelf(adapters), context);
    }

    private record Shelf(AdapterShelf shelf) implements Engine.Adapters {
        @Override
        public void load(String name, LoraAdapter adapter) {
            shelf.replace(name, adapter);
        }

        @Override
        public void unload(String name) {
            shelf.unload(name);
        }
    }
}
