package io.kaitoflow.inference.sampling;

import java.util.Arrays;

/** Arithmetic on the logits of one position, in place; minus infinity is a token that may not be chosen. */
final class Logits {
    private Logits() {}

    static int argMax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    static void divide(float[] logits, double temperature) {
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (logits[i] / temperature);
        }
    }

    static void forbid(float[] logits, Iterable<Integer> ids) {
        for (int id : ids) {
            logits[id] = Float.NEGATIVE_INFINITY;
        }
    }

    /** Ties at the border all stay. */
    static void keepTopK(float[] logits, int k) {
        if (k < logits.length) {
            float[] sorted = logits.clone();
            Arrays.sort(sorted);
            keepAtLeast(logits, sorted[sorted.length - k]);
        }
    }

    /** Keeps tokens at least {@code p} times as likely as the likeliest. */
    static void keepMinP(float[] logits, double p) {
        keepAtLeast(logits, (float) (logits[argMax(logits)] + Math.log(p)));
    }

    /** ln of the sum of e to each. */
    static double logSumExp(float[] logits) {
        float highest = logits[argMax(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return highest + Math.log(sum);
    }

    /** Keeps the fewest likeliest tokens whose probabilities sum up to at least p. */
    static void keepTopP(float[] logits, double p) {
        double[] weights = weights(logits);
        double total = Arrays.stream(weights).sum();
        // Tokens below this line together weigh less than 1 - p, so none of them can be needed; the rest is short to
        // sort.
        double line = (1 - p) * total / logits.length;
        double[] candidates =
                Arrays.stream(weights).filter(weight -> weight >= line).sorted().toArray();
        double sum = 0;
        int next = candidates.length;
        while (next > 0 && sum < p * total) {
            next--;
            sum += candidates[next];
        }
        double lowest = candidates[next];
        for (int i = 0; i < logits.length; i++) {
            if (weights[i] < lowest) {
                logits[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /**
     * The token on which a point of the cumulative distribution falls.
     *
     * @param point from 0 to 1
     */
    static int draw(float[] logits, double point) {
        double[] weights = weights(logits);
        double left = point * Arrays.stream(weights).sum();
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Probabilities up to a common factor; the greatest is 1. */
    private static double[] weights(float[] logits) {
        float highest = logits[argMax(logits)];
        var weights = new double[logits.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(logits[i] - highest);
        }
        return weights;
    }

    private static void keepAtLeast(float[] logits, float lowest) {
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] < lowest) {
                logits[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}
