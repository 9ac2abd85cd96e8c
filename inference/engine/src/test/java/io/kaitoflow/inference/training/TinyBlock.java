package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.BlockWeights;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A block of 32 hidden, 4 heads on 2, 8 a head, 24 intermediate, with seeded random weights. */
final class TinyBlock {
    static final ModelConfiguration MODEL = new ModelConfiguration(
            Architecture.LLAMA, 50, 32, 24, 1, 4, 2, 64, 1e-5, new RotaryEmbedding(10_000, 8), true);

    final LoraLayout lora;
    final float[] adapters;
    private final float[] attentionNorm;
    private final float[] feedForwardNorm;
    private final Map<Projection, float[]> matrices = new EnumMap<>(Projection.class);

    TinyBlock(LoraLayout lora) {
        this.lora = lora;
        var random = new Random(7);
        attentionNorm = normal(random, MODEL.hiddenSize(), 0.2, 1);
        feedForwardNorm = normal(random, MODEL.hiddenSize(), 0.2, 1);
        for (Projection projection : Projection.values()) {
            matrices.put(projection, normal(random, MODEL.outputs(projection) * MODEL.inputs(projection), 0.2, 0));
        }
        adapters = normal(random, lora.size(), 0.2, 0);
    }

    static float[] normal(Random random, int size, double deviation, double mean) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    BlockWeights weights(NDManager owner, ComputeType type) {
        return new BlockWeights(
                Tensors.of(owner, attentionNorm, new Shape(MODEL.hiddenSize())),
                matrix(owner, type, Projection.QKV),
                matrix(owner, type, Projection.ATTENTION_OUTPUT),
                Tensors.of(owner, feedForwardNorm, new Shape(MODEL.hiddenSize())),
                matrix(owner, type, Projection.GATE_UP),
                matrix(owner, type, Projection.DOWN));
    }

    private NDArray matrix(NDManager owner, ComputeType type, Projection projection) {
        Shape shape = new Shape(MODEL.outputs(projection), MODEL.inputs(projection));
        return Tensors.convert(owner, Tensors.of(owner, Objects.requireNonNull(matrices.get(projection)), shape), type);
    }

    TextbookBlock textbook() {
        var wide = new EnumMap<Projection, double[][]>(Projection.class);
        matrices.forEach((projection, values) -> wide.put(projection, rows(widened(values), MODEL.inputs(projection))));
        return new TextbookBlock(MODEL, lora, widened(attentionNorm), widened(feedForwardNorm), wide);
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
