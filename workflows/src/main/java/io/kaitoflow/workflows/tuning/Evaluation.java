package io.kaitoflow.workflows.tuning;

import java.util.OptionalDouble;

/**
 * Base against tuned on held-out rows.
 *
 * @param base value without the adapter; absent when no rows were held out
 * @param tuned value with the adapter
 * @param metric what the values are; lower is better
 */
public record Evaluation(OptionalDouble base, OptionalDouble tuned, String metric) {

    /** No rows were held out. */
    public static Evaluation skipped() {
        return new Evaluation(OptionalDouble.empty(), OptionalDouble.empty(), "skipped: no rows are held out");
    }

    /** How much lower the tuned value is; empty when nothing was measured. */
    public OptionalDouble improvement() {
        if (base.isEmpty() || tuned.isEmpty()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(base.getAsDouble() - tuned.getAsDouble());
    }
}
