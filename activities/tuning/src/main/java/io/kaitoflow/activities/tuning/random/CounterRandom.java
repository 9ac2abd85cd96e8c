package io.kaitoflow.activities.tuning.random;

/**
 * Random numbers addressed by their position: the i-th number of a seed is the same whoever asks, in whichever order and
 * thread. It is the SplitMix64 generator read at any place.
 */
public record CounterRandom(long seed) {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final double TO_UNIT = 0x1p-53;

    /** An independent generator for another purpose under the same seed. */
    public CounterRandom forPurpose(long purpose) {
        return new CounterRandom(mix(seed ^ mix(purpose)));
    }

    /** The number at this position, uniform over all longs. */
    public long bits(long position) {
        return mix(seed + (position + 1) * GOLDEN_GAMMA);
    }

    /** The number at this position, uniform in [0, 1). */
    public double unit(long position) {
        return (bits(position) >>> 11) * TO_UNIT;
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
