package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.cuda.CudaForward;
import io.kaitoflow.inference.decode.cuda.CudaModel;
import io.kaitoflow.inference.model.ModelConfiguration;

/** Weights in bfloat16 on an NVIDIA GPU, multiplied by kernels of our own. */
final class GpuEngine {

    /** Replies at the same time when nothing was said. */
    static final int DEFAULT_SLOTS = 32;

    /** Tokens of one request when nothing was said. */
    private static final int DEFAULT_CONTEXT = 32_768;

    /** Tokens of one step: enough to keep all of a large GPU busy with long prompts. */
    private static final int ROWS = 2048;

    /** Of the memory that the weights leave; the rest is for adapters and for what a step needs. */
    private static final double SHARE_OF_CACHE = 0.8;

    private GpuEngine() {}

    static Engine start(CudaModel model, EngineSettings settings, Owned owned, LoadPhases phases) {
        owned.add(model::close);
        phases.ended("weights");
        return BatchingEngine.start(model.configuration(), _ -> decoder(model, settings), settings, owned, phases);
    }

    private static BatchDecoder decoder(CudaModel model, EngineSettings settings) {
        BatchDecoder.Settings limits = limits(model.configuration(), settings, model.freeBytes());
        CudaForward forward = new CudaForward(
                model, new CudaForward.Limits(limits.tokens(), limits.rows(), limits.sequences(), limits.context()));
        return new BatchDecoder(forward, model.configuration(), limits);
    }

    /**
     * As many tokens as there is room for, up to the context of every slot.
     *
     * @param free bytes of the GPU's memory
     * @throws IllegalArgumentException if not even one request has room
     */
    static BatchDecoder.Settings limits(ModelConfiguration model, EngineSettings settings, long free) {
        int slots = settings.slotsOr(DEFAULT_SLOTS);
        int room = (int) Math.min(Integer.MAX_VALUE, (long) (free * SHARE_OF_CACHE) / bytesOfToken(model));
        int usual = Math.min(Math.min(model.maximumPositions(), DEFAULT_CONTEXT), room);
        int context =
                settings.context().isPresent() ? settings.contextOf(model.maximumPositions()) : Math.max(usual, 2);
        if (context > room) {
            throw new IllegalArgumentException("--context " + context + " needs "
                    + (context * bytesOfToken(model) >> 20)
                    + " MiB of the GPU's memory for keys and values; the weights"
                    + " leave " + (free >> 20) + " MiB, which hold " + room
                    + " tokens. Lower it, or take a larger GPU.");
        }
        int tokens = (int) Math.min(room, (long) slots * context);
        return new BatchDecoder.Settings(tokens, context, slots, Math.max(ROWS, slots), 1, true);
    }

    /** Keys and values in bfloat16. */
    private static long bytesOfToken(ModelConfiguration model) {
        return 2L * Short.BYTES * model.layers() * model.keyValueWidth();
    }
}
