package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.decode.kernel.VectorMath;
import java.util.Arrays;

/**
 * Arithmetic on the logits of one position, in place; minus infinity is a token that may not be chosen. It is done for every token
 * of every reply over all of a vocabulary, so each sweep goes by vectors, where the JDK has them, and in stretches whose greatest
 * or sum says which of them hold what is looked for. Where a model computed no numbers nothing is kept out, and the first token is
 * chosen.
 */
final class Logits {
    private static final boolean BY_VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /** Numbers of a stretch that is looked through when a point falls into it. */
    private static final int STRETCH = 1024;

    /** Numbers of a stretch of which the greatest is wanted: most of those that are kept lie alone in theirs. */
    private static final int SHORT_STRETCH = 64;

    private Logits() {}

    /** Of equals the first. */
    static int argMax(float[] logits) {
        float most = Float.NEGATIVE_INFINITY;
        int best = 0;
        for (int at = 0; at < logits.length; at += STRETCH) {
            float here = greatest(logits, at, lengthOf(STRETCH, at, logits));
            if (here > most) {
                most = here;
                best = at;
            }
        }
        while (logits[best] < most) {
            best++;
        }
        return best;
    }

    private static int lengthOf(int stretch, int at, float[] logits) {
        return Math.min(stretch, logits.length - at);
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
            float[] candidates = atLeast(logits, lowerBoundOfTopK(logits, k));
            Arrays.sort(candidates);
            if (candidates.length >= k) {
                keepAtLeast(logits, candidates[candidates.length - k]);
            }
        }
    }

    /** A number that at least k reach: as many stretches have a greatest that does. */
    private static float lowerBoundOfTopK(float[] logits, int k) {
        int stretches = Math.ceilDiv(logits.length, SHORT_STRETCH);
        if (k > stretches) {
            return Float.NEGATIVE_INFINITY;
        }
        var greatest = new float[stretches];
        for (int i = 0; i < stretches; i++) {
            int at = i * SHORT_STRETCH;
            greatest[i] = greatest(logits, at, lengthOf(SHORT_STRETCH, at, logits));
        }
        Arrays.sort(greatest);
        return greatest[stretches - k];
    }

    private static float[] atLeast(float[] numbers, float lowest) {
        var found = new float[numbers.length];
        int count = 0;
        for (float number : numbers) {
            if (number >= lowest) {
                found[count] = number;
                count++;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Keeps tokens at least {@code p} times as likely as the likeliest. */
    static void keepMinP(float[] logits, double p) {
        keepAtLeast(logits, (float) (greatest(logits) + Math.log(p)));
    }

    /** ln of the sum of e to each. */
    static double logSumExp(float[] logits) {
        float most = greatest(logits);
        return most + Math.log(Arrays.stream(weigh(logits.clone(), most)).sum());
    }

    /** Keeps the fewest likeliest tokens whose probabilities sum up to at least p. */
    static void keepTopP(float[] logits, double p) {
        float[] weights = logits.clone();
        double total = Arrays.stream(weigh(weights, greatest(weights))).sum();
        // Tokens below this line together weigh less than 1 - p, so none of them can be needed; the rest is short to
        // sort.
        float[] candidates = atLeast(weights, (float) ((1 - p) * total / logits.length));
        if (candidates.length == 0) {
            return;
        }
        Arrays.sort(candidates);
        double sum = 0;
        int next = candidates.length;
        while (next > 0 && sum < p * total) {
            next--;
            sum += candidates[next];
        }
        float lowest = candidates[next];
        for (int i = 0; i < logits.length; i++) {
            if (weights[i] < lowest) {
                logits[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /**
     * The token on which a point of the cumulative distribution falls. Overwrites the logits.
     *
     * @param point from 0 to 1
     */
    static int draw(float[] logits, double point) {
        double[] sums = weigh(logits, greatest(logits));
        double left = point * Arrays.stream(sums).sum();
        int stretch = 0;
        while (stretch < sums.length - 1 && left >= sums[stretch]) {
            left -= sums[stretch];
            stretch++;
        }
        int at = stretch * STRETCH;
        int last = -1;
        for (int i = at; i < at + lengthOf(STRETCH, at, logits); i++) {
            if (logits[i] > 0) {
                last = i;
                left -= logits[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        // What is left then is the rounding of the sums.
        return last >= 0 ? last : argMax(logits);
    }

    /**
     * Turns logits into probabilities up to a common factor; the greatest is 1.
     *
     * @param most the greatest of them
     * @return the sum of each stretch
     */
    private static double[] weigh(float[] logits, float most) {
        var sums = new double[Math.ceilDiv(logits.length, STRETCH)];
        for (int i = 0; i < sums.length; i++) {
            int at = i * STRETCH;
            sums[i] = exponentials(logits, at, lengthOf(STRETCH, at, logits), most);
        }
        return sums;
    }

    private static float greatest(float[] logits) {
        return logits[argMax(logits)];
    }

    private static float greatest(float[] x, int at, int length) {
        if (BY_VECTORS) {
            return VectorMath.greatest(x, at, length);
        }
        float most = x[at];
        for (int i = at + 1; i < at + length; i++) {
            most = Math.max(most, x[i]);
        }
        return most;
    }

    private static float exponentials(float[] x, int at, int length, float most) {
        if (BY_VECTORS) {
            return VectorMath.exponentials(x, at, length, most);
        }
        double sum = 0;
        for (int i = at; i < at + length; i++) {
            x[i] = (float) Math.exp(x[i] - most);
            sum += x[i];
        }
        return (float) sum;
    }

    private static void keepAtLeast(float[] logits, float lowest) {
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] < lowest) {
                logits[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}
