package io.kaitoflow.bridge.status;

import io.kaitoflow.workflows.request.WorkspaceId;

/** Tells the people who look at a workspace's Events. What cannot be told is no reason to stop. */
public interface Announcer {

    void announce(WorkspaceId id, Announcement announcement);
}
