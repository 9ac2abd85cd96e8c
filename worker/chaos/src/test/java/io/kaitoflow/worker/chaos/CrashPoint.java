package io.kaitoflow.worker.chaos;

import java.util.Random;

/**
 * One cell of the matrix, and the chance in it.
 *
 * @param seed decides everything
 * @param victim what dies
 * @param step at which
 * @param moment of it
 */
record CrashPoint(long seed, Victim victim, Step step, Moment moment) {

    /** Has no divisor in common with the number of cells, so neighbouring seeds lie far apart and all cells have their turn. */
    private static final long STRIDE = 97;

    /** How many cells there are: so many seeds in a row meet each of them once. */
    static int cells() {
        return Victim.values().length * Step.values().length * Moment.values().length;
    }

    static CrashPoint of(long seed) {
        int cell = (int) Math.floorMod(seed * STRIDE, (long) cells());
        int moments = Moment.values().length;
        int steps = Step.values().length;
        return new CrashPoint(
                seed,
                Victim.values()[cell / (moments * steps)],
                Step.values()[cell / moments % steps],
                Moment.values()[cell % moments]);
    }

    /** For everything that the cell leaves open. */
    Random random() {
        return new Random(seed);
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + victim + " " + moment + " " + step;
    }
}
