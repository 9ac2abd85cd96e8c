package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The user's own nodes for a request that names no kind of machine, and otherwise whoever buys.
 *
 * @param own reserves what is there already
 * @param bought leases from a cloud; empty where this installation buys nothing
 */
public record OwnOrBought(NodeProvisioner own, Optional<NodeProvisioner> bought) implements NodeProvisioner {

    @Override
    public NodeLease claim(NodeRequest request) {
        return responsible(request).claim(request);
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        return responsible(request).observe(request);
    }

    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return Stream.concat(own.held(id).stream(), bought.stream().flatMap(buys -> buys.held(id).stream()))
                .toList();
    }

    @Override
    public List<NodeRequest> all() {
        return Stream.concat(own.all().stream(), bought.stream().flatMap(buys -> buys.all().stream()))
                .toList();
    }

    @Override
    public boolean release(NodeRequest request) {
        return responsible(request).release(request);
    }

    @Override
    public String left(NodeRequest request) {
        return responsible(request).left(request);
    }

    @Override
    public Extent extent(NodeRequest request) {
        return responsible(request).extent(request);
    }

    private NodeProvisioner responsible(NodeRequest request) {
        if (request.option().owned()) {
            return own;
        }
        return bought.orElseThrow(() -> new NodeException.Refused("This installation buys no machines, so there is no "
                + request.option().instanceType() + "; leave resource.instanceType out to use your own nodes."));
    }
}
