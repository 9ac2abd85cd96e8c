package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.BlockWeights;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.DecoderTraits.Activation;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.model.RotaryScaling;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/** A block of 32 hidden, 4 heads on 2, 8 a head, 24 intermediate, with seeded random weights; one for each architecture. */
final class TinyBlock {
    private static final RotaryEmbedding PLAIN = new RotaryEmbedding(10_000, 8);
    static final ModelConfiguration MODEL = model(Architecture.LLAMA);

    final ModelConfiguration model;
    final LoraLayout lora;
    final float[] adapters;
    private final Map<BlockVector, float[]> vectors = new EnumMap<>(BlockVector.class);
    private final Map<Projection, float[]> matrices = new EnumMap<>(Projection.class);

    TinyBlock(LoraLayout lora) {
        this(MODEL, lora);
    }

    TinyBlock(ModelConfiguration model, LoraLayout lora) {
        this.model = model;
        this.lora = lora;
        var random = new Random(7);
        for (BlockVector vector : model.architecture().vectors()) {
            int length = (int) new Shape(vector.shape(model)).size();
            vectors.put(vector, normal(random, length, 0.2, vector == BlockVector.QKV_BIAS ? 0 : 1));
        }
        for (Projection projection : Projection.values()) {
            matrices.put(projection, normal(random, model.outputs(projection) * model.inputs(projection), 0.2, 0));
        }
        adapters = normal(random, lora.size(), 0.2, 0);
    }

    /** A small model of the family in which everything that the family adds matters. */
    static ModelConfiguration model(Architecture architecture) {
        RotaryEmbedding rotary = rotary(architecture);
        return new ModelConfiguration(
                architecture, 50, 32, 24, 1, 4, 2, 64, 1e-5, rotary, true, traits(architecture, rotary));
    }

    private static RotaryEmbedding rotary(Architecture architecture) {
        return switch (architecture) {
            case PHI3 ->
                new RotaryEmbedding(
                        10_000,
                        8,
                        6,
                        new RotaryScaling.Longrope(List.of(1.0, 1.1, 1.4), List.of(1.0, 2.0, 5.0), 5, 1.15));
            case GEMMA3 -> new RotaryEmbedding(10_000, 8, new RotaryScaling.Linear(8));
            case LLAMA, MISTRAL, QWEN2, QWEN3, GEMMA2 -> PLAIN;
        };
    }

    private static DecoderTraits traits(Architecture architecture, RotaryEmbedding rotary) {
        return switch (architecture) {
            case LLAMA, QWEN2, QWEN3, PHI3 -> DecoderTraits.plain(1, rotary);
            case MISTRAL -> traits(Activation.SILU, 1 / Math.sqrt(8), OptionalDouble.empty(), windowed(rotary));
            case GEMMA2 -> traits(Activation.GELU_TANH, 0.3, OptionalDouble.of(0.7), windowed(rotary));
            case GEMMA3 -> traits(Activation.GELU_TANH, 0.25, OptionalDouble.empty(), windowed(rotary));
        };
    }

    private static DecoderTraits traits(
            Activation activation, double scale, OptionalDouble cap, DecoderTraits.Layer layer) {
        return new DecoderTraits(activation, scale, 1, cap, OptionalDouble.empty(), List.of(layer));
    }

    private static DecoderTraits.Layer windowed(RotaryEmbedding rotary) {
        return new DecoderTraits.Layer(OptionalInt.of(3), rotary);
    }

    static float[] normal(Random random, int size, double deviation, double mean) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    BlockWeights weights(NDManager owner, ComputeType type) {
        var tensors = new EnumMap<BlockVector, NDArray>(BlockVector.class);
        vectors.forEach(
                (vector, values) -> tensors.put(vector, Tensors.of(owner, values, new Shape(vector.shape(model)))));
        return new BlockWeights(
                matrix(owner, type, Projection.QKV),
                matrix(owner, type, Projection.ATTENTION_OUTPUT),
                matrix(owner, type, Projection.GATE_UP),
                matrix(owner, type, Projection.DOWN),
                tensors);
    }

    private NDArray matrix(NDManager owner, ComputeType type, Projection projection) {
        Shape shape = new Shape(model.outputs(projection), model.inputs(projection));
        return Tensors.convert(owner, Tensors.of(owner, Objects.requireNonNull(matrices.get(projection)), shape), type);
    }

    TextbookBlock textbook() {
        var wide = new EnumMap<Projection, double[][]>(Projection.class);
        matrices.forEach((projection, values) -> wide.put(projection, rows(widened(values), model.inputs(projection))));
        var wideVectors = new EnumMap<BlockVector, double[]>(BlockVector.class);
        vectors.forEach((vector, values) -> wideVectors.put(vector, widened(values)));
        return new TextbookBlock(model, lora, wideVectors, wide);
    }

    static double[][] rows(double[] values, int columns) {
        var rows = new double[values.length / columns][columns];
        for (int i = 0; i < values.length; i++) {
            rows[i / columns][i % columns] = values[i];
        }
        return rows;
    }

    static double[] widened(float[] values) {
        var wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
