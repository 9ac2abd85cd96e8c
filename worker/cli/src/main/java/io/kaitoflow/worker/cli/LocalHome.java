package io.kaitoflow.worker.cli;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that is the cluster of local mode: everything kept between commands lies below it, and nothing outside.
 *
 * @param root absolute path
 */
record LocalHome(Path root) {

    LocalHome {
        root = root.toAbsolutePath().normalize();
    }

    /** Creates the folder and proves that it can be written. */
    void prepare() {
        try {
            Files.createDirectories(root);
            Files.delete(Files.createTempFile(root, "writable", ""));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "The home folder " + root + " cannot be written (" + e + "); choose another with --home.");
        }
    }

    /** Base models, by digest; shared by all workspaces. */
    Path models() {
        return root.resolve("models");
    }

    /** Workspaces as they were applied, with their status beside them. */
    Path workspaces() {
        return root.resolve("workspaces");
    }

    /** ConfigMaps and claims as folders of files. */
    Path volumes() {
        return root.resolve("volumes");
    }

    /** Images that were pushed where no registry answered. */
    Path registry() {
        return root.resolve("registry");
    }

    /** Output of tuner and server. */
    Path logs() {
        return root.resolve("logs");
    }

    /** Tokenised rows, checkpoints and adapters. */
    Path runs() {
        return root.resolve("runs");
    }

    /** Adapters pulled from images, ready to serve. */
    Path adapters() {
        return root.resolve("adapters");
    }

    /** Process files and leases of this machine. */
    Path state() {
        return root.resolve("state");
    }

    /** Where a workspace's files lie below {@code parent}. */
    Path of(Path parent, WorkspaceId id) {
        return parent.resolve(id.namespace()).resolve(id.name());
    }
}
