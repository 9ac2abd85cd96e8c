package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One run per workspace, from its creation until nothing of it is left. Started by signal-with-start with {@link #desire}; the
 * run closes only after everything was given back.
 */
@WorkflowInterface
public interface WorkspaceWorkflow {

    /** The workflow type's name. */
    String TYPE = "Workspace";

    /** Converges on the newest desired state until that is deletion and nothing is left. */
    @WorkflowMethod(name = TYPE)
    void run(WorkspaceInput input);

    /** Tells the newest wish; lost, doubled and reordered ones are harmless. */
    @SignalMethod
    void desire(DesiredState state);

    /** Pauses, resumes, cancels or retries. */
    @SignalMethod
    void order(Verb verb);

    /** Tells that something about a claimed node changed, so that the wait for it can look. */
    @SignalMethod
    void nodeObserved(String leaseName);

    /** Where the run stands. */
    @QueryMethod
    WorkspaceSnapshot snapshot();
}
