package io.kaitoflow.activities.tuning.nf4;

import java.lang.foreign.Arena;

/** Matrices in memory, quantised. */
final class Quantised {

    private Quantised() {}

    static Nf4Tensor plain(float[] values, int rows, int columns) {
        return of(new Nf4Quantiser(false), values, rows, columns);
    }

    static Nf4Tensor doubled(float[] values, int rows, int columns) {
        return of(new Nf4Quantiser(true), values, rows, columns);
    }

    private static Nf4Tensor of(Nf4Quantiser quantiser, float[] values, int rows, int columns) {
        return quantiser.quantise(
                (first, count, out) -> System.arraycopy(values, first * columns, out, 0, count * columns),
                rows,
                columns,
                Arena.ofAuto());
    }
}
