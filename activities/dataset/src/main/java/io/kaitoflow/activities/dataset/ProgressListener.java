package io.kaitoflow.activities.dataset;

/**
 * Is told, at least every other second, how far a piece of work is. Whatever it throws ends the work, which is how a
 * cancellation arrives.
 */
@FunctionalInterface
public interface ProgressListener {

    /**
     * @param activity what is being done, e.g. {@code downloading train.parquet}
     * @param done bytes or rows so far
     * @param total all of them; 0 when unknown
     */
    void report(String activity, long done, long total);

    /** Nobody listens. */
    static ProgressListener silent() {
        return (activity, done, total) -> {};
    }
}
