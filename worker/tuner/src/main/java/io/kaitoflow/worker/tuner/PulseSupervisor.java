package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.tuning.StepSupervisor;
import io.kaitoflow.workflows.tuning.TuningProgress;

/** The trainer's supervisor is whoever heartbeats the activity that the calling thread runs. */
final class PulseSupervisor implements StepSupervisor {

    @Override
    public void report(TuningProgress progress) {
        Pulse.CURRENT.get().report(progress);
    }

    @Override
    public boolean stopRequested() {
        return Pulse.CURRENT.get().ended();
    }

    @Override
    public RuntimeException stopped() {
        Pulse.CURRENT.get().throwIfEnded();
        return new IllegalStateException("The trainer stopped although nobody asked it to");
    }
}
