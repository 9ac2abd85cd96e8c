package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.LoraAdapter.Matrix;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.VectorMath;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.Projection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A LoRA adapter as a {@link Forward} applies it, beside the untouched weights. Its numbers lie beside the heap until nobody has it any
 * more. Identity tells adapters apart.
 */
public final class Adapter {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final List<Map<Projection, List<LowRank>>> blocks;
    private final long bytes;

    private Adapter(List<Map<Projection, List<LowRank>>> blocks, long bytes) {
        this.blocks = blocks;
        this.bytes = bytes;
    }

    /**
     * @param strength multiplies what the adapter adds; 1 as it was trained
     * @throws ModelException if a matrix fits no module of the model
     */
    public static Adapter of(LoraAdapter lora, ModelConfiguration model, double strength) {
        Map<String, Matrix> left = new HashMap<>(lora.matrices());
        long bytes = left.values().stream()
                .mapToLong(matrix -> NativeFloats.bytes(matrix.rows(), matrix.columns()))
                .sum();
        NativeFloats memory = new NativeFloats(bytes);
        double scaling = lora.configuration().scaling() * strength;
        List<Map<Projection, List<LowRank>>> blocks = new ArrayList<>();
        for (int layer = 0; layer < model.layers(); layer++) {
            Map<Projection, List<LowRank>> block = new EnumMap<>(Projection.class);
            for (LinearPart part : model.linearParts()) {
                LowRank.take(left, layer, part, scaling, memory)
                        .ifPresent(pair -> block.computeIfAbsent(part.projection(), _ -> new ArrayList<>())
                                .add(pair));
            }
            blocks.add(block);
        }
        if (!left.isEmpty()) {
            throw new ModelException(
                    "The adapter has "
                            + left.keySet().stream().sorted().findFirst().orElseThrow()
                            + ", which fits no linear module of the model. Use the base model that the adapter was trained on.");
        }
        return new Adapter(List.copyOf(blocks), bytes);
    }

    /** Its own and above 0, for those who are to know it again without keeping it. */
    long number() {
        return number;
    }

    /** What its numbers take beside the heap. */
    long bytes() {
        return bytes;
    }

    /** The modules of a projection that it adapts. */
    public List<LowRank> pairs(int layer, Projection projection) {
        return blocks.get(layer).getOrDefault(projection, List.of());
    }

    /** Adds what the adapter changes of one row of a projection's output. */
    void add(int layer, Projection projection, Activations x, Activations y, int row) {
        for (LowRank pair : pairs(layer, projection)) {
            pair.add(x, y, row);
        }
    }

    /**
     * One adapted module.
     *
     * @param down (rank, inputs), in float32
     * @param up (rank, outputs): the transpose of B, times the scaling
     * @param firstRow of the module in the fused output
     */
    public record LowRank(MemorySegment down, MemorySegment up, int inputs, int outputs, int firstRow) {
        static Optional<LowRank> take(
                Map<String, Matrix> left, int layer, LinearPart part, double scaling, NativeFloats memory) {
            String name = "model.layers." + layer + "." + part.name();
            Matrix a = left.remove(name + ".lora_A.weight");
            Matrix b = left.remove(name + ".lora_B.weight");
            if (a == null && b == null) {
                return Optional.empty();
            }
            if (a == null
                    || b == null
                    || a.columns() != part.columns()
                    || b.rows() != part.rows()
                    || a.rows() != b.columns()) {
                throw new ModelException("The adapter's matrices of " + name + " do not fit the model's "
                        + part.rows() + " by " + part.columns()
                        + ". Use the base model that the adapter was trained on.");
            }
            MemorySegment down = memory.take(a.rows() * a.columns()).copyFrom(MemorySegment.ofArray(a.values()));
            MemorySegment up = memory.take(b.rows() * b.columns());
            transpose(b, scaling, up);
            return Optional.of(new LowRank(down, up, a.columns(), b.rows(), part.firstRow()));
        }

        private static void transpose(Matrix b, double scaling, MemorySegment turned) {
            float[] values = b.values();
            for (int row = 0; row < b.rows(); row++) {
                for (int column = 0; column < b.columns(); column++) {
                    turned.setAtIndex(ValueLayout.JAVA_FLOAT, (long) column * b.rows() + row, (float)
                            (values[row * b.columns() + column] * scaling));
                }
            }
        }

        /** Numbers between the two. */
        public int rank() {
            return (int) (up.byteSize() / Float.BYTES / outputs);
        }

        void add(Activations x, Activations y, int row) {
            for (int r = 0; r < rank(); r++) {
                float middle = VectorMath.dot(down, (long) r * inputs, x.values(), x.at(row), inputs);
                VectorMath.addScaled(middle, up, (long) r * outputs, y.values(), y.at(row) + firstRow, outputs);
            }
        }
    }
}
