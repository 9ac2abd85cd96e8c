package io.kaitoflow.worker.cli.local;

import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The objects of a manifest for as long as it is looked at; what a running workspace of the same name reads stays as it is. */
public final class LookedAtObjects implements AutoCloseable {

    private final LocalObjects objects;
    private final Thread atInterruption =
            Thread.ofPlatform().name("forget-objects").unstarted(this::forget);

    private LookedAtObjects(LocalObjects objects) {
        this.objects = objects;
    }

    /** Written at once; {@link #close} removes them, and so does Ctrl-C, for logins are among them. */
    public static LookedAtObjects of(LocalApply applied, LocalHome home) {
        LookedAtObjects made = new LookedAtObjects(home.objectsIn(folder(home)));
        Runtime.getRuntime().addShutdownHook(made.atInterruption);
        new ObjectFolder(made.objects).write(applied);
        return made;
    }

    /** For rooms that read them. */
    public LocalObjects objects() {
        return objects;
    }

    private static Path folder(LocalHome home) {
        try {
            return Files.createTempDirectory(Files.createDirectories(home.scratch()), "check-");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "No folder can be made below " + home.scratch() + ": " + e);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atInterruption);
        } catch (IllegalStateException alreadyEnding) {
            return;
        }
        forget();
    }

    private void forget() {
        try {
            Folders.delete(objects.root());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, objects.root() + " cannot be removed: " + e);
        }
    }
}
