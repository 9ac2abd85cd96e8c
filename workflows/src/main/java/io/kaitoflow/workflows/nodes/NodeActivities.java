package io.kaitoflow.workflows.nodes;

import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Claims machines and gives them back. Every call is short and idempotent; waiting is the workflow's. */
@ActivityInterface(namePrefix = "Node.")
public interface NodeActivities {

    /** Makes the claim, finds it, or says whose turn it is. Fails with {@code QUOTA_EXCEEDED}, {@code OVER_CAP} or {@code CAPACITY_MISSING}. */
    NodeLease claim(NodeRequest request);

    /** Reads how far the claim has come. */
    NodeLease observe(NodeRequest request);

    /** The requests whose claims the workspace holds, for a run that does not remember them; a short read. */
    List<NodeRequest> held(WorkspaceId id);

    /**
     * Those of whatever the provider has left for the workspace, also of what is on its way out and can be used by nobody any more. It is
     * asked of the provider itself.
     */
    List<NodeRequest> remains(WorkspaceId id);

    /** Gives the claim back and says whether the provider has nothing of it left, or what it says about what is. */
    Release release(NodeRequest request);
}
