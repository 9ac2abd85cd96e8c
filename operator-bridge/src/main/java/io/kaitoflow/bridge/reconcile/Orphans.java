package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs and machines whose workspace is gone although nobody told its run: its finalizer was taken away by force, or it was
 * seen once more in an old list after its end. What is found is given back.
 */
final class Orphans {

    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

    private final Supplier<Stream<WorkspaceId>> holders;
    private final Predicate<WorkspaceId> exists;

    /**
     * @param holders of machines, as far as they are known here
     * @param exists asks the API server itself
     */
    Orphans(Supplier<Stream<WorkspaceId>> holders, Predicate<WorkspaceId> exists) {
        this.holders = holders;
        this.exists = exists;
    }

    /** @param known workspaces, which need no question */
    List<WorkspaceId> among(Set<WorkspaceId> known, Set<String> openRuns) {
        Set<WorkspaceId> all = new HashSet<>(holders.get().toList());
        openRuns.stream().map(WorkspaceId::ofWorkflow).flatMap(Optional::stream).forEach(all::add);
        all.removeAll(known);
        List<WorkspaceId> orphans = all.stream().filter(id -> !exists.test(id)).toList();
        orphans.forEach(id ->
                LOG.atWarn().addKeyValue("workflowId", id.workflowId()).log("The object is gone; its run gives back"));
        return orphans;
    }
}
