package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the statuses of one listing of the objects say of machines. */
public final class ListedStatuses {

    private static final Set<String> AT_REST = Set.of("Completed", "Paused", "Failed", "Cancelled");

    private final List<Workspace> listed;

    ListedStatuses(List<Workspace> listed) {
        this.listed = List.copyOf(listed);
    }

    /** The machines that they name, by workspace; of those that are being deleted none. */
    public Map<WorkspaceId, List<String>> machines() {
        return listed.stream()
                .filter(found -> !found.isMarkedForDeletion())
                .collect(Collectors.toMap(
                        WorkspaceTranslator::idOf,
                        found -> status(found).map(WorkspaceStatus::workerNodes).orElse(List.of())));
    }

    /** Those that need no machine, and do not serve. */
    public Set<WorkspaceId> atRest() {
        return listed.stream()
                .filter(found -> status(found)
                        .map(WorkspaceStatus::phase)
                        .filter(AT_REST::contains)
                        .isPresent())
                .map(WorkspaceTranslator::idOf)
                .collect(Collectors.toSet());
    }

    private static Optional<WorkspaceStatus> status(Workspace found) {
        return Optional.ofNullable(found.getStatus());
    }
}
