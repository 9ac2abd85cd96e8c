package io.kaitoflow.inference.training;

import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.model.RotaryScaling;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A decoder block written straight from the formulas, in float64 and with plain loops, for one sequence. */
final class TextbookBlock {
    private final ModelConfiguration model;
    private final LoraLayout lora;
    private final Map<Projection, double[][]> matrices = new EnumMap<>(Projection.class);
    private final Map<BlockVector, double[]> vectors = new EnumMap<>(BlockVector.class);

    TextbookBlock(
            ModelConfiguration model,
            LoraLayout lora,
            Map<BlockVector, double[]> vectors,
            Map<Projection, double[][]> matrices) {
        this.model = model;
        this.lora = lora;
        this.vectors.putAll(vectors);
        this.matrices.putAll(matrices);
    }

    double[][] forward(double[][] x, double[] adapters) {
        double[][] attended = linear(Projection.ATTENTION_OUTPUT, attention(x, adapters), adapters);
        double[][] h = sum(x, normed(attended, BlockVector.ATTENTION_OUTPUT_NORM));
        double[][] gateUp = linear(Projection.GATE_UP, normed(h, BlockVector.FEED_FORWARD_NORM), adapters);
        int inner = model.intermediateSize();
        var activation = new double[x.length][inner];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < inner; i++) {
                activation[t][i] = bent(gateUp[t][i]) * gateUp[t][inner + i];
            }
        }
        return sum(h, normed(linear(Projection.DOWN, activation, adapters), BlockVector.FEED_FORWARD_OUTPUT_NORM));
    }

    private double bent(double gate) {
        return switch (model.traits().activation()) {
            case SILU -> gate / (1 + Math.exp(-gate));
            case GELU_TANH ->
                0.5 * gate * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (gate + 0.044715 * gate * gate * gate)));
        };
    }

    private double[][] attention(double[][] x, double[] adapters) {
        double[][] qkv = linear(Projection.QKV, normed(x, BlockVector.ATTENTION_NORM), adapters);
        int size = model.headSize();
        int heads = model.heads();
        int keyValueHeads = model.keyValueHeads();
        for (int t = 0; t < x.length; t++) {
            bias(qkv[t]);
            for (int head = 0; head < heads + keyValueHeads; head++) {
                normHead(qkv[t], head);
                rotate(qkv[t], head * size, t, x.length);
            }
        }
        var out = new double[x.length][heads * size];
        for (int head = 0; head < heads; head++) {
            int key = (heads + head / (heads / keyValueHeads)) * size;
            for (int t = 0; t < x.length; t++) {
                double[] p = softmax(scores(qkv, head * size, key, t));
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < size; i++) {
                        out[t][head * size + i] += p[s] * qkv[s][key + keyValueHeads * size + i];
                    }
                }
            }
        }
        return out;
    }

    private void bias(double[] row) {
        double[] bias = vectors.get(BlockVector.QKV_BIAS);
        if (bias != null) {
            for (int i = 0; i < row.length; i++) {
                row[i] += bias[i];
            }
        }
    }

    private void normHead(double[] row, int head) {
        double[] weights = vectors.get(BlockVector.HEAD_NORM);
        if (weights != null) {
            int from = head * model.headSize();
            int to = from + model.headSize();
            double[] normed =
                    norm(new double[][] {Arrays.copyOfRange(row, from, to)}, Arrays.copyOfRange(weights, from, to))[0];
            System.arraycopy(normed, 0, row, from, normed.length);
        }
    }

    private double[] scores(double[][] qkv, int query, int key, int t) {
        var scores = new double[t + 1];
        for (int s = 0; s <= t; s++) {
            for (int i = 0; i < model.headSize(); i++) {
                scores[s] += qkv[t][query + i] * qkv[s][key + i];
            }
            scores[s] *= model.traits().queryScale();
            if (model.traits().attentionCap().isPresent()) {
                double cap = model.traits().attentionCap().getAsDouble();
                scores[s] = cap * Math.tanh(scores[s] / cap);
            }
            if (t - s >= model.traits().layers().getFirst().window().orElse(Integer.MAX_VALUE)) {
                scores[s] = Double.NEGATIVE_INFINITY;
            }
        }
        return scores;
    }

    private static double[] softmax(double[] scores) {
        double total = 0;
        var p = new double[scores.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(scores[i]);
            total += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= total;
        }
        return p;
    }

    private void rotate(double[] row, int from, int position, int length) {
        int half = model.rotary().turnedSize() / 2;
        double size = model.rotary().scaling().magnitude();
        for (int i = 0; i < half; i++) {
            double frequency = 1 / Math.pow(model.rotary().theta(), (double) i / half);
            double angle = position * slowed(i, frequency, length);
            double a = row[from + i] * size;
            double b = row[from + half + i] * size;
            row[from + i] = a * Math.cos(angle) - b * Math.sin(angle);
            row[from + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
        }
    }

    private double slowed(int pair, double frequency, int length) {
        return switch (model.rotary().scaling()) {
            case RotaryScaling.None _ -> frequency;
            case RotaryScaling.Linear linear -> frequency / linear.factor();
            case RotaryScaling.Longrope rope
            when length > rope.originalPositions() ->
                frequency / rope.longDivisors().get(pair);
            case RotaryScaling.Longrope rope -> frequency / rope.shortDivisors().get(pair);
            case RotaryScaling.Llama3 llama -> throw new IllegalStateException("No textbook for " + llama);
        };
    }

    private double[][] normed(double[][] x, BlockVector which) {
        double[] weights = vectors.get(which);
        return weights == null ? x : norm(x, weights);
    }

    private double[][] norm(double[][] x, double[] weight) {
        var out = new double[x.length][weight.length];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double value : x[t]) {
                squares += value * value;
            }
            double scale = 1 / Math.sqrt(squares / weight.length + model.normEpsilon());
            for (int i = 0; i < weight.length; i++) {
                out[t][i] = x[t][i] * scale * weight[i];
            }
        }
        return out;
    }

    private double[][] linear(Projection projection, double[][] x, double[] adapters) {
        double[][] out = product(x, Objects.requireNonNull(matrices.get(projection)));
        for (LoraLayout.Module module : lora.modules(projection)) {
            LinearPart part = module.part();
            double[][] a = matrix(adapters, module.offsetA(), lora.rank(), part.columns());
            double[][] b = matrix(adapters, module.offsetB(), part.rows(), lora.rank());
            double[][] delta = product(product(x, a), b);
            for (int t = 0; t < x.length; t++) {
                for (int i = 0; i < part.rows(); i++) {
                    out[t][part.firstRow() + i] += lora.scaling() * delta[t][i];
                }
            }
        }
        return out;
    }

    private static double[][] matrix(double[] flat, int offset, int rows, int columns) {
        var matrix = new double[rows][columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(flat, offset + row * columns, matrix[row], 0, columns);
        }
        return matrix;
    }

    /** x times the transpose of w. */
    private static double[][] product(double[][] x, double[][] w) {
        var out = new double[x.length][w.length];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < w.length; o++) {
                for (int i = 0; i < x[t].length; i++) {
                    out[t][o] += x[t][i] * w[o][i];
                }
            }
        }
        return out;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        var out = new double[a.length][a[0].length];
        for (int t = 0; t < a.length; t++) {
            for (int i = 0; i < out[t].length; i++) {
                out[t][i] = a[t][i] + b[t][i];
            }
        }
        return out;
    }
}
