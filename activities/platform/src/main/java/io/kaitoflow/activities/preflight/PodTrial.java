package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import java.util.List;

/** Tells whether the pods that a request needs could be run at all, before anything is bought. */
@FunctionalInterface
public interface PodTrial {

    /**
     * Tries it without making anything.
     *
     * @param input what is asked for, and on which machines it may run
     * @return what speaks against it; a {@code Classified} exception is one more finding
     */
    List<Finding> check(Input input);
}
