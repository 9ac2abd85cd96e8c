package io.kaitoflow.workflows.sweep;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What a sweep asks of the outside. Every call is short and may be repeated at will. */
@ActivityInterface(namePrefix = "Sweep.")
public interface SweepActivities {

    /** All claims of this installation, asked of the provider itself. */
    List<NodeRequest> held();

    /** Whether anybody stands behind a workspace's claims, asked of the API server and of Temporal themselves. */
    Standing standing(WorkspaceId id);

    /**
     * Tells the runs of workspaces whose status names machines that do not answer, or in whose name more is held than they should
     * need, and says how many there are; each looks by itself.
     */
    int tellBereft();

    /** Gives a claim back and says whether the provider has nothing of it left. */
    Release release(NodeRequest request);

    /**
     * Who stands behind claims.
     *
     * @param exists the object, with this very uid
     * @param runs its run, which gives back what it holds
     */
    record Standing(boolean exists, boolean runs) {

        /** Nobody will ever give it back. */
        public boolean abandoned() {
            return !exists && !runs;
        }
    }
}
