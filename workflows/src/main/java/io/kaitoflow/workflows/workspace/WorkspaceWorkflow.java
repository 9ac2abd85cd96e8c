package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

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

    /** Pauses, resumes, cancels or retries. Never fails: what is none of these is said in the status. */
    @SignalMethod
    void order(@Nullable Order order);

    /**
     * The same for who waits for an answer.
     *
     * @return what happens now, in a sentence
     */
    @UpdateMethod(name = "order")
    String answered(@Nullable Order order);

    /**
     * Refuses an order that means nothing now.
     *
     * @throws IllegalArgumentException which says why
     */
    @UpdateValidatorMethod(updateName = "order")
    void requireMeaning(@Nullable Order order);

    /** Tells that something about a claimed node changed, so that the wait for it can look. */
    @SignalMethod
    void nodeObserved(String leaseName);

    /** Where the run stands. */
    @QueryMethod
    WorkspaceSnapshot snapshot();
}
