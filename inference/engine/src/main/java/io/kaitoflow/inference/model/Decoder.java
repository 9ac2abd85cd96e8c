package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.GradMode;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One way to run a model: as it is, or with an adapter. Stateless and safe for many threads, as long as each
 * {@link DecoderState} stays with one.
 */
public final class Decoder {
    /** Positions that go through the model at once; bounds the memory of attention for long prompts. */
    private static final int POSITIONS_AT_A_TIME = 512;

    private static final NDArray[] NOTHING = {};

    private final DecoderParts parts;
    private final String blockMethod;
    private final List<NDArray[]> adapterArguments;

    private Decoder(DecoderParts parts, String blockMethod, List<NDArray[]> adapterArguments) {
        this.parts = parts;
        this.blockMethod = blockMethod;
        this.adapterArguments = adapterArguments;
    }

    static Decoder base(DecoderParts parts) {
        int layers = parts.configuration().layers();
        return new Decoder(
                parts,
                "block",
                IntStream.range(0, layers).mapToObj(layer -> NOTHING).toList());
    }

    static Decoder adapted(DecoderParts parts, FusedAdapter adapter) {
        return new Decoder(
                parts,
                "adapted_block",
                adapter.blocks().stream().map(Decoder::arguments).toList());
    }

    private static NDArray[] arguments(Map<Projection, FusedAdapter.LowRank> block) {
        return Arrays.stream(Projection.values())
                .map(block::get)
                .flatMap(pair -> Stream.of(pair.a(), pair.b()))
                .toArray(NDArray[]::new);
    }

    /**
     * Appends tokens to one sequence.
     *
     * @return the logits after the last of them, one per vocabulary entry
     */
    public float[] prefill(DecoderState state, int sequence, int[] tokens) {
        requireTokens(tokens);
        try (var mode = GradMode.off();
                NDManager scope = TorchEngine.newOwner(parts.device())) {
            recomputeIfTurning(state, sequence, tokens.length);
            NDArray last = through(scope, state, sequence, tokens, 0, (ignored, hidden) -> hidden)
                    .getLast();
            return head(scope, "last_logits", last).toFloatArray();
        }
    }

    /**
     * Appends one token to each of several sequences, of whatever lengths, in one pass.
     *
     * @param tokens in ascending order of sequence, each sequence at most once
     * @return the logits of each sequence, in the order of {@code tokens}
     */
    public float[][] decode(DecoderState state, List<SequenceToken> tokens) {
        int[] sequences = tokens.stream().mapToInt(SequenceToken::sequence).toArray();
        int[] ids = tokens.stream().mapToInt(SequenceToken::token).toArray();
        try (var mode = GradMode.off();
                NDManager scope = TorchEngine.newOwner(parts.device())) {
            for (int sequence : sequences) {
                recomputeIfTurning(state, sequence, 1);
            }
            NDArray hidden = step(scope, state, sequences, ids, 1);
            return rows(head(scope, "last_logits", hidden));
        }
    }

    /** The logits after each token of a text of its own, (tokens, vocabulary). */
    public float[][] logits(int[] tokens) {
        return alone(tokens, (scope, hidden) -> {
                    try (NDArray logits = head(scope, "logits", rowsOf(hidden))) {
                        return rows(logits);
                    }
                })
                .stream()
                .flatMap(Arrays::stream)
                .toArray(float[][]::new);
    }

    /** ln p of each token but the first, given all before it, for a text of its own; summed up in float64. */
    public double[] logProbabilities(int[] tokens) {
        var next = new ArrayList<long[]>();
        for (int from = 0; from < tokens.length; from += POSITIONS_AT_A_TIME) {
            next.add(successors(tokens, from, Math.min(from + POSITIONS_AT_A_TIME, tokens.length)));
        }
        var chunks = next.iterator();
        double[] all = alone(
                        tokens,
                        (scope, hidden) -> head(
                                        scope, "next_log_probabilities", rowsOf(hidden), scope.create(chunks.next()))
                                .toDoubleArray())
                .stream()
                .flatMapToDouble(Arrays::stream)
                .toArray();
        return Arrays.copyOf(all, tokens.length - 1);
    }

    /** The token after each of a range; the last token of all has none and gets token 0, whose score is dropped. */
    private static long[] successors(int[] tokens, int from, int to) {
        return IntStream.range(from, to)
                .mapToLong(i -> i + 1 < tokens.length ? tokens[i + 1] : 0)
                .toArray();
    }

    private <T> List<T> alone(int[] tokens, BiFunction<NDManager, NDArray, T> use) {
        requireTokens(tokens);
        try (var mode = GradMode.off();
                var state = new DecoderState(parts, 1, tokens.length);
                NDManager scope = TorchEngine.newOwner(parts.device())) {
            return through(scope, state, 0, tokens, 0, use);
        }
    }

    /**
     * Where a sequence's growth changes how all of it turns, its cache is of no use: it is filled again from its tokens, as
     * part of the longer sequence.
     */
    private void recomputeIfTurning(DecoderState state, int sequence, int more) {
        int length = state.length(sequence);
        if (parts.configuration().rotary().changesBetween(length, length + more)) {
            state.requireRoom(sequence, more);
            int[] tokens = state.tokens(sequence);
            state.clear(sequence);
            try (NDManager scope = TorchEngine.newOwner(parts.device())) {
                through(scope, state, sequence, tokens, more, (ignored, hidden) -> tokens.length);
            }
        }
    }

    /**
     * Runs a sequence's new tokens chunk by chunk; {@code use} sees the hidden states (1, chunk, D) of each.
     *
     * @param later tokens that are known to follow
     */
    private <T> List<T> through(
            NDManager scope,
            DecoderState state,
            int sequence,
            int[] tokens,
            int later,
            BiFunction<NDManager, NDArray, T> use) {
        var results = new ArrayList<T>();
        for (int from = 0; from < tokens.length; from += POSITIONS_AT_A_TIME) {
            int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(from + POSITIONS_AT_A_TIME, tokens.length));
            int more = tokens.length + later - from;
            results.add(use.apply(scope, step(scope, state, new int[] {sequence}, chunk, more)));
        }
        return results;
    }

    /**
     * Appends {@code ids.length / sequences.length} tokens to each sequence.
     *
     * @param more tokens that each sequence is known to grow by, these included
     * @return hidden states after the last block, float32 (B, T, D)
     */
    private NDArray step(NDManager owner, DecoderState state, int[] sequences, int[] ids, int more) {
        int count = ids.length / sequences.length;
        requireValid(state, sequences, ids, count);
        try (NDManager scope = owner.newSubManager()) {
            Map<DecoderTraits.Layer, NDArray[]> frames = frames(scope, state, sequences, count, more);
            NDArray hidden = parts.program()
                    .call(
                            scope,
                            "embed",
                            scope.create(
                                    Arrays.stream(ids).asLongStream().toArray(), new Shape(sequences.length, count)),
                            parts.weights().embedding());
            for (int layer = 0; layer < parts.configuration().layers(); layer++) {
                DecoderTraits.Layer kind =
                        parts.configuration().traits().layers().get(layer);
                NDArray[] frame = Objects.requireNonNull(frames.get(kind), "every kind of layer has a frame");
                NDArray next = parts.program().call(scope, blockMethod, blockArguments(state, layer, hidden, frame));
                hidden.close();
                hidden = next;
            }
            for (int i = 0; i < sequences.length; i++) {
                state.append(sequences[i], Arrays.copyOfRange(ids, i * count, (i + 1) * count));
            }
            hidden.attach(owner);
            return hidden;
        }
    }

    private NDArray[] blockArguments(DecoderState state, int layer, NDArray hidden, NDArray[] frame) {
        return Stream.of(
                        Stream.of(hidden),
                        parts.weights().blocks().get(layer).arguments().stream(),
                        Stream.of(state.keys(layer), state.values(layer)),
                        Arrays.stream(frame),
                        Arrays.stream(adapterArguments.get(layer)))
                .flatMap(stream -> stream)
                .toArray(NDArray[]::new);
    }

    /** Cosines, sines, slots, positions and mask, for each kind of layer. */
    private Map<DecoderTraits.Layer, NDArray[]> frames(
            NDManager scope, DecoderState state, int[] sequences, int count, int more) {
        int[] positions = Arrays.stream(sequences)
                .flatMap(sequence -> IntStream.range(0, count).map(i -> state.length(sequence) + i))
                .toArray();
        int[] lengths = Arrays.stream(sequences)
                .flatMap(sequence -> IntStream.range(0, count).map(i -> state.length(sequence) + more))
                .toArray();
        NDArray slots = scope.create(Arrays.stream(sequences).asLongStream().toArray());
        NDArray places =
                scope.create(Arrays.stream(positions).asLongStream().toArray(), new Shape(sequences.length, count));
        var frames = new HashMap<DecoderTraits.Layer, NDArray[]>();
        for (DecoderTraits.Layer kind : parts.configuration().traits().layers()) {
            frames.computeIfAbsent(kind, layer -> {
                Shape shape =
                        new Shape(sequences.length, count, 1, layer.rotary().headSize());
                return new NDArray[] {
                    layer.rotary().cosines(scope, positions, lengths).reshape(shape),
                    layer.rotary().sines(scope, positions, lengths).reshape(shape),
                    slots,
                    places,
                    parts.program().call(scope, "mask", places, scope.create(window(layer)))
                };
            });
        }
        return frames;
    }

    private static long window(DecoderTraits.Layer layer) {
        return layer.window().orElse(Integer.MAX_VALUE);
    }

    private NDArray head(NDManager scope, String method, NDArray hidden, NDArray... more) {
        NDArray[] weights = {
            hidden, parts.weights().finalNorm(), parts.weights().head()
        };
        return parts.program()
                .call(
                        scope,
                        method,
                        Stream.of(weights, more).flatMap(Arrays::stream).toArray(NDArray[]::new));
    }

    /** (1, T, D) seen as (T, D). */
    private static NDArray rowsOf(NDArray hidden) {
        return hidden.squeeze(0);
    }

    private static float[][] rows(NDArray matrix) {
        float[] flat = matrix.toFloatArray();
        int columns = Math.toIntExact(matrix.getShape().tail());
        return IntStream.range(0, flat.length / columns)
                .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
                .toArray(float[][]::new);
    }

    private static void requireTokens(int[] tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("A decoder needs at least one token");
        }
    }

    private void requireValid(DecoderState state, int[] sequences, int[] ids, int count) {
        for (int i = 0; i < sequences.length; i++) {
            if (i > 0 && sequences[i] <= sequences[i - 1]) {
                throw new IllegalArgumentException("Sequences must ascend, not " + Arrays.toString(sequences));
            }
            state.requireRoom(sequences[i], count);
        }
        for (int id : ids) {
            parts.configuration().requireToken(id);
        }
    }
}
