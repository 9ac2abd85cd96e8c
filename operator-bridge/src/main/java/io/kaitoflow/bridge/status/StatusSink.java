package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.workflows.request.WorkspaceId;

/** Where a whole status is put. */
interface StatusSink {

    /** What became of a write. */
    enum Answer {
        WRITTEN,
        /** There is no such object any more, or only a namesake. */
        GONE,
        /** Nobody answered, or somebody was faster: to be tried again with the newest status. */
        AGAIN
    }

    Answer write(WorkspaceId id, WorkspaceStatus status);
}
