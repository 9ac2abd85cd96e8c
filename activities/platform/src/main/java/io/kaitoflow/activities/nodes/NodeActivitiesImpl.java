package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;

/** The workflow's door to a provider. */
public final class NodeActivitiesImpl implements NodeActivities {

    private final NodeProvisioner provisioner;

    public NodeActivitiesImpl(NodeProvisioner provisioner) {
        this.provisioner = provisioner;
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        return ActivityFailures.call(() -> provisioner.claim(request));
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        return ActivityFailures.call(() -> provisioner.observe(request));
    }

    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return ActivityFailures.call(() -> provisioner.held(id));
    }

    @Override
    public List<NodeRequest> remains(WorkspaceId id) {
        return ActivityFailures.call(() -> provisioner.all().stream()
                .filter(claim -> claim.id().equals(id))
                .toList());
    }

    @Override
    public Release release(NodeRequest request) {
        return ActivityFailures.call(
                () -> provisioner.release(request) ? Release.of(true) : new Release(false, provisioner.left(request)));
    }
}
