package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.tensor.ComputeDevice;
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

    private CausalModel(NDManager owner, Checkpoint checkpoint, ComputeDevice device, ComputeType type) {
        this.owner = owner;
        this.parts = DecoderParts.load(owner, checkpoint, device, type);
        this.base = Decoder.base(parts);
    }

    /** Loads onto the processor. */
    public static CausalModel load(Path fileOrFolder, ComputeType type) {
        return load(fileOrFolder, ComputeDevice.CPU, type);
    }

    /**
     * Loads a {@code .gguf} file, or a folder with {@code config.json} and safetensors files.
     *
     * @throws ModelException if the model is of a kind that this engine does not run
     */
    public static CausalModel load(Path fileOrFolder, ComputeDevice device, ComputeType type) {
        try (Checkpoint checkpoint = Checkpoint.open(fileOrFolder)) {
            return load(checkpoint, device, type);
        }
    }

    private static CausalModel load(Checkpoint checkpoint, ComputeDevice device, ComputeType type) {
        NDManager owner = TorchEngine.newOwner(device);
        try (var mode = GradMode.off()) {
            return new CausalModel(owner, checkpoint, device, type);
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

    /** Where it runs; an adapter of it must lie there too. */
    public ComputeDevice device() {
        return parts.device();
    }

    /**
     * A cache for some sequences.
     *
     * @param capacity the greatest length of each, in tokens; at most the model's maximum positions
     */
    public DecoderState newState(int sequences, int capacity) {
        return new DecoderState(parts, sequences, capacity);
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
