package io.kaitoflow.worker.chaos;

/** When a victim dies, seen from the step. */
enum Moment {
    /** As soon as the step before it is done. */
    BEFORE,
    /** A moment after it began. */
    DURING,
    /** As soon as what it does is to be seen outside, so before or while its answer is on its way. */
    AFTER
}
