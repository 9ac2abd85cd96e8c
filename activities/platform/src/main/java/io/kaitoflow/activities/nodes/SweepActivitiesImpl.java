package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.sweep.SweepActivities;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** The sweep's door to a provider, and to those who know which workspaces there are. */
public final class SweepActivitiesImpl implements SweepActivities {

    private final NodeProvisioner provisioner;
    private final Predicate<WorkspaceId> exists;
    private final Predicate<WorkspaceId> runs;
    private final IntSupplier bereft;

    /**
     * @param exists asks the API server itself
     * @param runs asks Temporal for the one run, not for a list that may be behind
     * @param bereft tells runs with whose machines something seems wrong, and says how many it told
     */
    public SweepActivitiesImpl(
            NodeProvisioner provisioner,
            Predicate<WorkspaceId> exists,
            Predicate<WorkspaceId> runs,
            IntSupplier bereft) {
        this.provisioner = provisioner;
        this.exists = exists;
        this.runs = runs;
        this.bereft = bereft;
    }

    @Override
    public List<NodeRequest> held() {
        return ActivityFailures.call(provisioner::all);
    }

    @Override
    public Standing standing(WorkspaceId id) {
        return ActivityFailures.call(() -> new Standing(exists.test(id), runs.test(id)));
    }

    @Override
    public int tellBereft() {
        return ActivityFailures.call(bereft::getAsInt);
    }

    @Override
    public Release release(NodeRequest request) {
        return ActivityFailures.call(() -> Release.of(provisioner.release(request)));
    }
}
