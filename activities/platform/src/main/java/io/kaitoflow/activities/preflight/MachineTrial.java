package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import java.util.List;

/** Tells whether any of the machines that a request may use could be had at all, before one is asked for. */
@FunctionalInterface
public interface MachineTrial {

    /**
     * Asks nobody.
     *
     * @param input what is asked for, and on which machines it may run
     * @return what speaks against it
     */
    List<Finding> check(Input input);
}
