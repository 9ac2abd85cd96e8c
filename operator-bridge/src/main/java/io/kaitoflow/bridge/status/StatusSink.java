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

    /** @param version of the object when it was seen last; an older one costs a look more */
    Answer write(WorkspaceId id, long version, WorkspaceStatus status);
}
