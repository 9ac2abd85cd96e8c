package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.GradMode;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.nio.file.Path;

/**
 * A decoder model in memory, ready to run: read-only weights and compiled programs. What changes while it runs is in the
 * {@link DecoderState} that each caller brings, so one model serves many threads.
 */
public final class CausalModel implements AutoCloseable {
    private final NDManager owner;
    private final DecoderParts parts;
    private final Decoder base;

    private CausalModel(NDManager owner, Checkpoint checkpoint, ComputeType type) {
        this.owner = owner;
        this.parts = DecoderParts.load(owner, checkpoint, type);
        this.base = Decoder.base(parts);
    }

    /**
     * Loads a {@code .gguf} file, or a folder with {@code config.json} and safetensors files.
     *
     * @throws ModelException if the model is of a kind that this engine does not run
     */
    public static CausalModel load(Path fileOrFolder, ComputeType type) {
        try (Checkpoint checkpoint = Checkpoint.open(fileOrFolder)) {
            return load(checkpoint, type);
        }
    }

    /** Loads an open checkpoint, which may be closed afterwards. */
    public static CausalModel load(Checkpoint checkpoint, ComputeType type) {
        NDManager owner = TorchEngine.newOwner();
        try (var mode = GradMode.off()) {
            return new CausalModel(owner, checkpoint, type);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    public ModelConfiguration configuration() {
        return parts.configuration();
    }

    public ComputeType computeType() {
        return parts.type();
    }

    /**
     * A cache for some sequences.
     *
     * @param capacity the greatest length of each, in tokens; at most the model's maximum positions
     */
    public DecoderState newState(int sequences, int capacity) {
        return new DecoderState(parts.configuration(), parts.type(), sequences, capacity);
    }

    /** The model as it is. */
    public Decoder base() {
        return base;
    }

    /** The model with an adapter, which must stay open while the decoder is used; the weights are shared. */
    public Decoder adaptedBy(FusedAdapter adapter) {
        return Decoder.adapted(parts, adapter);
    }

    @Override
    public void close() {
        parts.close();
        owner.close();
    }
}
