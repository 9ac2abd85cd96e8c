package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.tensor.ComputeType;

/** Weights computed as they lie in their file on the processor, without PyTorch. */
final class StoredEngine {

    /** Tokens of one step: enough to read the weights once for many, few enough to be done soon. */
    private static final int ROWS = 256;

    private StoredEngine() {}

    static Engine start(DecodeModel model, EngineSettings settings, Owned owned, LoadPhases phases) {
        owned.add(model::close);
        phases.ended("weights");
        return BatchingEngine.start(
                model.configuration(), adapters -> decoder(model, adapters, settings), settings, owned, phases);
    }

    private static BatchDecoder decoder(DecodeModel model, long adapters, EngineSettings settings) {
        int slots = settings.slotsOr(EngineSettings.DEFAULT_SLOTS);
        BatchDecoder.Settings limits = new BatchDecoder.Settings(
                settings.sharedTokens(),
                settings.sharedContextOf(model.configuration().maximumPositions()),
                slots,
                Math.max(ROWS, slots),
                Runtime.getRuntime().availableProcessors(),
                settings.arithmetic().type() == ComputeType.BFLOAT16,
                settings.arithmetic().deterministic());
        MemoryNeed.of(settings.model(), adapters, BatchDecoder.cacheBytes(model.configuration(), limits))
                .requireHere();
        return new BatchDecoder(model, limits);
    }
}
