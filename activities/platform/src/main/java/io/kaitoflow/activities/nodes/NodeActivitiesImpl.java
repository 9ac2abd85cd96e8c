package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;

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
    public boolean release(NodeRequest request) {
        return ActivityFailures.call(() -> provisioner.release(request));
    }
}
