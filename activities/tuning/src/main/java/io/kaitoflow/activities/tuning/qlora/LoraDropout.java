package io.kaitoflow.activities.tuning.qlora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.kaitoflow.activities.tuning.random.CounterRandom;
import io.kaitoflow.inference.training.LoraLayout;
import java.util.List;

/**
 * Which inputs of the adapters are dropped in one micro-batch: a function of the seed, the step, the micro-batch, the block and
 * the module alone, so that the backward pass and a resumed run see the same ones.
 *
 * @param probability of an input to be dropped
 * @param random of this micro-batch
 */
record LoraDropout(double probability, CounterRandom random) {

    /** One number of 64 bits decides four inputs. */
    private static final int RESOLUTION = 1 << 16;

    private static final int DECISIONS = 4;

    LoraDropout {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("Dropout must be at least 0 and below 1, not " + probability);
        }
    }

    /** Nothing is dropped. */
    static LoraDropout none() {
        return new LoraDropout(0, new CounterRandom(0));
    }

    /** The dropout of a micro-batch of a step. */
    static LoraDropout of(double probability, long seed, long step, int microBatch) {
        return new LoraDropout(
                probability, new CounterRandom(seed).forPurpose(step).forPurpose(microBatch));
    }

    /** The probability as it is kept: a multiple of one part in 65,536. */
    static double kept(double probability) {
        return (double) threshold(probability) / RESOLUTION;
    }

    /** The least of the numbers from 0 to 65,535 that lets an input be seen. */
    int threshold() {
        return threshold(probability);
    }

    /** What decides for a module of a block. */
    CounterRandom of(int block, int module) {
        return random.forPurpose(block).forPurpose(module);
    }

    private static int threshold(double probability) {
        return (int) Math.min(RESOLUTION - 1, Math.round(probability * RESOLUTION));
    }

    /**
     * What a block's adapters see, as {@link io.kaitoflow.inference.training.BlockContext} wants it; empty without dropout.
     *
     * @param rows tokens of the micro-batch, padding included
     */
    List<NDArray> seen(NDManager owner, LoraLayout layout, int block, int rows) {
        if (probability == 0) {
            return List.of();
        }
        boolean[] seen = new boolean[Math.multiplyExact(rows, layout.inputs())];
        int first = 0;
        for (int module = 0; module < layout.modules().size(); module++) {
            int length = rows * layout.modules().get(module).part().columns();
            fill(seen, first, length, of(block, module));
            first += length;
        }
        return List.of(owner.create(seen));
    }

    private void fill(boolean[] seen, int first, int length, CounterRandom module) {
        int threshold = threshold(probability);
        for (int i = 0; i < length; i += DECISIONS) {
            long bits = module.bits(i);
            for (int j = i; j < Math.min(i + DECISIONS, length); j++) {
                seen[first + j] = (bits & (RESOLUTION - 1)) >= threshold;
                bits >>>= 16;
            }
        }
    }
}
