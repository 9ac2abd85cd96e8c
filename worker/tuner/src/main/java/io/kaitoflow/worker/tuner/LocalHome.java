package io.kaitoflow.worker.tuner;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.nio.file.Path;

/**
 * The folder that is the cluster of local mode: everything kept between commands lies below it, and nothing outside.
 *
 * @param root absolute path
 */
public record LocalHome(Path root) {

    public LocalHome {
        root = root.toAbsolutePath().normalize();
    }

    /** Base models; shared by all workspaces. */
    public Path models() {
        return root.resolve("models");
    }

    /** Images that were pushed where no registry answered, as an OCI image layout. */
    public Path images() {
        return root.resolve("images");
    }

    /** Adapters pulled from images, ready to serve. */
    public Path adapters() {
        return root.resolve("adapters");
    }

    /** Tokenised rows, checkpoints and trained adapters. */
    public Path runs() {
        return root.resolve("runs");
    }

    /** Output of tuner and server, and the command's own log. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** Native libraries, unpacked by the first process that loads them. */
    public Path natives() {
        return root.resolve("natives");
    }

    /** Process files and leases of this machine. */
    public Path state() {
        return root.resolve("state");
    }

    /** The local Temporal server's database. */
    public Path temporal() {
        return root.resolve("temporal");
    }

    /** Files under way; holds nothing between commands. */
    public Path scratch() {
        return root.resolve("scratch");
    }

    /** Workspaces with their status. */
    public Path workspaces() {
        return root.resolve("workspaces");
    }

    /** One workspace's status and manifest. */
    public Path workspace(WorkspaceId id) {
        return workspaces().resolve(id.namespace()).resolve(id.name());
    }

    /** ConfigMaps, secrets and claims as one workspace sees them, as folders of files. */
    public LocalObjects objects(String uid) {
        return objectsIn(root.resolve("objects").resolve(uid));
    }

    /** The same for a manifest that is only looked at: a workspace of that name may be running. */
    public LocalObjects objectsIn(Path folder) {
        return new LocalObjects(folder, root.resolve("claims"));
    }
}
