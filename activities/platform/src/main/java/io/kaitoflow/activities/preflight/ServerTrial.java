package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;

/** Tells whether the server that a request asks for could be run at all, before anything is bought. */
@FunctionalInterface
public interface ServerTrial {

    /**
     * Tries it without making anything.
     *
     * @return what speaks against it; a {@code Classified} exception is one more finding
     */
    List<Finding> check(WorkspaceRequest request);
}
