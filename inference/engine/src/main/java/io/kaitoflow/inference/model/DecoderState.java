package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values of a fixed number of sequences, each of a fixed greatest length, and how long each is now. All its memory is
 * taken when it is made. Mutable and not thread-safe: one thread passes it to the model, step by step.
 */
public final class DecoderState implements AutoCloseable {
    private final NDManager owner;
    private final List<NDArray> keys;
    private final List<NDArray> values;
    private final int[] lengths;
    private final int[][] tokens;
    private final int capacity;

    DecoderState(DecoderParts parts, int sequences, int capacity) {
        ModelConfiguration model = parts.configuration();
        if (sequences < 1 || capacity < 1 || capacity > model.maximumPositions()) {
            throw new IllegalArgumentException("A cache needs at least one sequence and 1 to "
                    + model.maximumPositions() + " positions, not " + sequences + " and " + capacity);
        }
        this.owner = TorchEngine.newOwner(parts.device());
        this.capacity = capacity;
        this.lengths = new int[sequences];
        this.tokens = new int[sequences][capacity];
        Shape shape = new Shape(sequences, model.keyValueHeads(), capacity, model.headSize());
        this.keys = caches(model, parts.type(), shape);
        this.values = caches(model, parts.type(), shape);
    }

    private List<NDArray> caches(ModelConfiguration model, ComputeType type, Shape shape) {
        return IntStream.range(0, model.layers())
                .mapToObj(layer -> Tensors.zeros(owner, type, shape))
                .toList();
    }

    /** How many sequences it holds. */
    public int sequences() {
        return lengths.length;
    }

    /** The greatest length of each sequence, in tokens. */
    public int capacity() {
        return capacity;
    }

    /** Tokens of a sequence so far. */
    public int length(int sequence) {
        return lengths[sequence];
    }

    /** Forgets a sequence, so that another can begin in its place. */
    public void clear(int sequence) {
        lengths[sequence] = 0;
    }

    /** (sequences, K, capacity, S) */
    NDArray keys(int layer) {
        return keys.get(layer);
    }

    /** (sequences, K, capacity, S) */
    NDArray values(int layer) {
        return values.get(layer);
    }

    void requireRoom(int sequence, int more) {
        if (lengths[sequence] + more > capacity) {
            throw new IllegalStateException("The cache of a sequence holds " + capacity + " tokens; it has "
                    + lengths[sequence] + " and got " + more + " more");
        }
    }

    /** The tokens that keys and values were computed from. */
    int[] tokens(int sequence) {
        return Arrays.copyOf(tokens[sequence], lengths[sequence]);
    }

    void append(int sequence, int[] more) {
        System.arraycopy(more, 0, tokens[sequence], lengths[sequence], more.length);
        lengths[sequence] += more.length;
    }

    /** Whether its device does anything that it is asked for; one that has once refused everything does so until the process ends. */
    public boolean works() {
        try (NDArray one = owner.ones(new Shape(1))) {
            return one.toFloatArray().length == 1;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
