package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Optional;

/**
 * What a run starts with. Grows by components, never by parameters.
 *
 * @param id whose run
 * @param searchable whether the server knows {@link WorkspaceSearchAttributes}; setting an unknown one would wedge the run
 * @param carried what the run before this one knew; empty for the first
 */
public record WorkspaceInput(WorkspaceId id, boolean searchable, Optional<WorkspaceState> carried) {

    /** The input of a workspace's first run. */
    public static WorkspaceInput first(WorkspaceId id, boolean searchable) {
        return new WorkspaceInput(id, searchable, Optional.empty());
    }

    WorkspaceInput carrying(WorkspaceState state) {
        return new WorkspaceInput(id, searchable, Optional.of(state));
    }
}
