package io.kaitoflow.workflows.sweep;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One run an installation, for ever: gives back machines whose workspace neither exists nor has a live run, and has those looked
 * after whose machine went while nobody watched.
 */
@WorkflowInterface
public interface SweeperWorkflow {

    /** The run's id: there is one an installation, whoever starts it. */
    static String workflowId(String installation) {
        return "sweeper/" + installation;
    }

    @WorkflowMethod(name = "Sweeper")
    void sweep(Sweeping sweeping);
}
