package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The {@link SequenceFrame} of every layer for a batch. A row holds one sample or several one after the other; each sample
 * counts its positions from 0 and sees only itself, so it comes out as if it were alone.
 *
 * <p>Rows that are padded on the right need no mask of their own: a token sees only those before it, so no real token sees
 * padding, and padding that is not scored gets no gradient and gives none.
 */
public final class BatchFrame {
    /** From the first column that each row may see (B, T) to what is added to the scores (B, 1, T, T). */
    private static final TorchScriptModule MASK = new TorchScriptModule("""
            def mask(self, first: Tensor) -> Tensor:
              place = torch.cumsum(torch.ones_like(first), 1, dtype=3) - 1
              column = place.unsqueeze(1)
              hidden = torch.logical_or(column > place.unsqueeze(2), column < first.unsqueeze(2))
              return torch.zeros_like(hidden, dtype=6).masked_fill_(hidden, -inf).unsqueeze(1)
            """);

    private final ModelConfiguration model;
    private final Map<DecoderTraits.Layer, SequenceFrame> frames = new HashMap<>();

    /** Where each token of a row stands: in its sample, in the row, and how long the sample is. */
    private record Row(int[] positions, int[] firsts, int[] lengths) {
        static Row of(int width, int[] samples) {
            if (samples.length == 1) {
                return new Row(IntStream.range(0, width).toArray(), new int[width], filled(width, samples[0]));
            }
            var row = new Row(new int[width], new int[width], new int[width]);
            int first = 0;
            for (int length : samples) {
                row.fill(first, length);
                first += length;
            }
            row.fill(first, width - first);
            return row;
        }

        private void fill(int first, int length) {
            for (int i = 0; i < length; i++) {
                positions[first + i] = i;
                firsts[first + i] = first;
                lengths[first + i] = length;
            }
        }

        private static int[] filled(int width, int value) {
            var values = new int[width];
            Arrays.fill(values, value);
            return values;
        }

        /** The first place that each token sees through a window. */
        int[] seenFrom(int window) {
            return IntStream.range(0, firsts.length)
                    .map(token -> Math.max(firsts[token], token - window + 1))
                    .toArray();
        }

        boolean attendsLike(Row other, ModelConfiguration model) {
            return Arrays.equals(positions, other.positions)
                    && Arrays.equals(firsts, other.firsts)
                    && IntStream.range(0, lengths.length).noneMatch(i -> turnsOtherwise(model, other, i));
        }

        private boolean turnsOtherwise(ModelConfiguration model, Row other, int i) {
            int smaller = Math.min(lengths[i], other.lengths[i]);
            return model.rotary().changesBetween(smaller, Math.max(lengths[i], other.lengths[i]));
        }
    }

    private BatchFrame(NDManager owner, ModelConfiguration model, int width, List<Row> rows) {
        this.model = model;
        for (DecoderTraits.Layer kind : model.traits().layers()) {
            frames.computeIfAbsent(kind, layer -> frame(owner, layer, width, rows));
        }
    }

    /**
     * The frame of a batch.
     *
     * @param width tokens of each row, padding included
     * @param samples lengths of the samples in each row, in their order
     */
    public static BatchFrame of(NDManager owner, ModelConfiguration model, int width, List<int[]> samples) {
        List<Row> rows = samples.stream().map(row -> Row.of(width, row)).toList();
        boolean alike = rows.stream().allMatch(row -> row.attendsLike(rows.getFirst(), model));
        return new BatchFrame(owner, model, width, alike ? rows.subList(0, 1) : rows);
    }

    /** The frame of rows that hold one sample of full width each. */
    public static BatchFrame causal(NDManager owner, ModelConfiguration model, int width) {
        return of(owner, model, width, List.of(new int[] {width}));
    }

    /** The frame of a layer. */
    public SequenceFrame layer(int index) {
        SequenceFrame frame = frames.get(model.traits().layers().get(index));
        if (frame == null) {
            throw new IllegalStateException("Every kind of layer got its frame when this was made");
        }
        return frame;
    }

    private static SequenceFrame frame(NDManager owner, DecoderTraits.Layer layer, int width, List<Row> rows) {
        int[] positions = joined(rows.stream().map(Row::positions));
        int[] lengths = joined(rows.stream().map(Row::lengths));
        Shape shape = new Shape(rows.size(), width, 1, layer.rotary().headSize());
        return new SequenceFrame(
                layer.rotary().cosines(owner, positions, lengths).reshape(shape),
                layer.rotary().sines(owner, positions, lengths).reshape(shape),
                mask(owner, layer, width, rows));
    }

    private static int[] joined(Stream<int[]> parts) {
        return parts.flatMapToInt(Arrays::stream).toArray();
    }

    /** Made where it is used: it grows with the square of the width. */
    private static NDArray mask(NDManager owner, DecoderTraits.Layer layer, int width, List<Row> rows) {
        int[] seenFrom =
                joined(rows.stream().map(row -> row.seenFrom(layer.window().orElse(width))));
        try (NDArray first = owner.create(seenFrom, new Shape(rows.size(), width))) {
            return MASK.call(owner, "mask", first);
        }
    }
}
