package io.kaitoflow.activities.tuning;

import io.kaitoflow.workflows.tuning.TuningProgress;

/** Whoever wants the work done: is told how far it is, and may want it to end. Owned here, implemented by the worker. */
public interface StepSupervisor {

    /** Tells how far the work is. */
    void report(TuningProgress progress);

    /** Whether the work is to end at the next whole step. */
    boolean stopRequested();

    /** Throws what tells the worker that the work ended early, after its results so far were saved. */
    RuntimeException stopped();
}
