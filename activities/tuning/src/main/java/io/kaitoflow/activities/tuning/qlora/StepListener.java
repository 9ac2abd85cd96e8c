package io.kaitoflow.activities.tuning.qlora;

/** Hears of every optimiser step, on the training thread; what it throws ends the training. */
@FunctionalInterface
public interface StepListener {

    void finished(StepReport step);
}
