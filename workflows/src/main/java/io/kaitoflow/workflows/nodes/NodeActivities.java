package io.kaitoflow.workflows.nodes;

import io.temporal.activity.ActivityInterface;

/** Claims machines and gives them back. Every call is short and idempotent; waiting is the workflow's. */
@ActivityInterface(namePrefix = "Node.")
public interface NodeActivities {

    /** Makes the claim or finds it. Fails with {@code QUOTA_EXCEEDED} or {@code CAPACITY_MISSING}. */
    NodeLease claim(NodeRequest request);

    /** Reads how far the claim has come. */
    NodeLease observe(NodeRequest request);

    /** Gives the claim back and says whether the provider has nothing of it left. */
    boolean release(NodeRequest request);
}
