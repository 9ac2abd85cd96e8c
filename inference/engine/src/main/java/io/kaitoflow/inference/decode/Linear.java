package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.machine.RoundedInputs;

/** Matrices of the same input whose outputs lie side by side. What a sum is depends on its row and its input alone. */
sealed interface Linear permits StoredLinear, PackedLinear {
    /** Gets one row of x ready; different rows at the same time, and each before {@link #multiply}. */
    void prepare(Activations x, int row, RoundedInputs rounded);

    /** The products with the first {@code count} rows of x, which were prepared. */
    void multiply(Crew crew, Input x, int count, Activations y);

    /**
     * What is multiplied.
     *
     * @param exact the rows
     * @param rounded what {@link #prepare} made of them
     */
    record Input(Activations exact, RoundedInputs rounded) {}
}
