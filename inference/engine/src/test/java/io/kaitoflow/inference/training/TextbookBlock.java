package io.kaitoflow.inference.training;

import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A decoder block written straight from the formulas, in float64 and with plain loops, for one sequence. */
final class TextbookBlock {
    private final ModelConfiguration model;
    private final LoraLayout lora;
    private final Map<Projection, double[][]> matrices = new EnumMap<>(Projection.class);
    private final double[] attentionNorm;
    private final double[] feedForwardNorm;

    TextbookBlock(
            ModelConfiguration model,
            LoraLayout lora,
            double[] attentionNorm,
            double[] feedForwardNorm,
            Map<Projection, double[][]> matrices) {
        this.model = model;
        this.lora = lora;
        this.attentionNorm = attentionNorm;
        this.feedForwardNorm = feedForwardNorm;
        this.matrices.putAll(matrices);
    }

    double[][] forward(double[][] x, double[] adapters) {
        double[][] h = sum(x, linear(Projection.ATTENTION_OUTPUT, attention(x, adapters), adapters));
        double[][] gateUp = linear(Projection.GATE_UP, norm(h, feedForwardNorm), adapters);
        int inner = model.intermediateSize();
        var activation = new double[x.length][inner];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < inner; i++) {
                double gate = gateUp[t][i];
                activation[t][i] = gate / (1 + Math.exp(-gate)) * gateUp[t][inner + i];
            }
        }
        return sum(h, linear(Projection.DOWN, activation, adapters));
    }

    private double[][] attention(double[][] x, double[] adapters) {
        double[][] qkv = linear(Projection.QKV, norm(x, attentionNorm), adapters);
        int size = model.headSize();
        int heads = model.heads();
        int keyValueHeads = model.keyValueHeads();
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < heads + keyValueHeads; head++) {
                rotate(qkv[t], head * size, t);
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

    private double[] scores(double[][] qkv, int query, int key, int t) {
        var scores = new double[t + 1];
        for (int s = 0; s <= t; s++) {
            for (int i = 0; i < model.headSize(); i++) {
                scores[s] += qkv[t][query + i] * qkv[s][key + i];
            }
            scores[s] /= Math.sqrt(model.headSize());
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

    private void rotate(double[] row, int from, int position) {
        int half = model.headSize() / 2;
        for (int i = 0; i < half; i++) {
            double angle = position / Math.pow(model.rotary().theta(), (double) i / half);
            double a = row[from + i];
            double b = row[from + half + i];
            row[from + i] = a * Math.cos(angle) - b * Math.sin(angle);
            row[from + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
        }
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
