package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;

/**
 * Leases machines from one provider. Every call is short and may be repeated at will: the request names its claim, so a call
 * whose answer was lost finds what it made.
 */
public interface NodeProvisioner {

    /**
     * Makes the claim, or finds it.
     *
     * @throws NodeException when the provider refuses
     */
    NodeLease claim(NodeRequest request);

    /**
     * Reads how far the claim has come.
     *
     * @throws NodeException.Vanished when there is no such claim any more
     */
    NodeLease observe(NodeRequest request);

    /** The requests whose claims the workspace holds now, for a run that does not remember them. */
    List<NodeRequest> held(WorkspaceId id);

    /** The requests of all claims that this installation holds at the provider, asked of the provider itself. */
    List<NodeRequest> all();

    /** Gives the claim back, if there is one, and says whether the provider has nothing of it left. */
    boolean release(NodeRequest request);

    /** What the provider says about what is left of a claim that was given back, one sentence; empty when it says nothing. */
    default String left(NodeRequest request) {
        return "";
    }

    /** How much a claim is or would be now; what is bought is what it is asked for. */
    default Extent extent(NodeRequest request) {
        return new Extent(request, false);
    }
}
