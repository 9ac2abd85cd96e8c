package io.kaitoflow.worker.cli.local;

import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.workspace.TaskQueues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Names the command that runs a workspace, the server through which it does and the task queue there, so that another command can end
 * or order it, or go on with it.
 */
public final class RunnerFile {

    private static final Duration END_LIMIT = Duration.ofSeconds(90);

    /** So many tell homes apart, and can be read in the Web UI. */
    private static final int HOME_LETTERS = 8;

    private final Path file;
    private final Path lock;
    private final Path temporal;
    private final Path queue;

    /** @param folder of the workspace */
    public RunnerFile(Path folder) {
        this.file = folder.resolve("runner");
        this.lock = folder.resolve("runner.lock");
        this.temporal = folder.resolve("temporal");
        this.queue = folder.resolve("queue");
    }

    /**
     * This command runs the workspace from now on.
     *
     * @throws CommandFailure when another one does
     */
    public void claim(WorkspaceId id) {
        // Of two commands that look at the same moment neither may find that nobody runs it.
        folder();
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = locked(channel, id)) {
            claimAlone(id);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be written", e);
        }
    }

    private void folder() {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("The folder of " + file + " cannot be made", e);
        }
    }

    private static FileLock locked(FileChannel channel, WorkspaceId id) throws IOException {
        Optional<FileLock> taken;
        try {
            taken = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException takenByThisProcess) {
            taken = Optional.empty();
        }
        return taken.orElseThrow(() -> new CommandFailure(
                ExitCode.REFUSED,
                "Workspace " + id.namespace() + "/" + id.name()
                        + " is being started by another command; see: kaitoflow get " + id.name()));
    }

    private void claimAlone(WorkspaceId id) throws IOException {
        running().ifPresent(other -> {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "Workspace " + id.namespace() + "/" + id.name() + " is already run by process " + other.pid()
                            + "; end it there with Ctrl-C, or with: kaitoflow delete " + id.name());
        });
        ProcessHandle self = ProcessHandle.current();
        Files.writeString(file, self.pid() + " " + startOf(self));
    }

    /** The task queue of the workspace's runs: always the same until it is forgotten, and no other home's nor machine's. */
    public String queue(WorkspaceId id) {
        folder();
        try {
            if (!Files.exists(queue)) {
                String home = UUID.randomUUID().toString().substring(0, HOME_LETTERS);
                Path fresh = Files.writeString(queue.resolveSibling("queue.tmp"), TaskQueues.local(id, home));
                Files.move(fresh, queue, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(queue).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + queue + " cannot be kept", e);
        }
    }

    /**
     * Others reach the workspace's run through this server.
     *
     * @param keeper of the run when this command has ended
     */
    public void reachedBy(TemporalAddress address, RunKeeper keeper) {
        try {
            Files.writeString(temporal, address.target() + " " + keeper);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + temporal + " cannot be written", e);
        }
    }

    /** The server that was told last; it may have ended with the command that told it. */
    public Optional<TemporalAddress> temporal() {
        return server().map(words -> TemporalAddress.of(words[0]));
    }

    /** Who keeps the run now that no command runs it. */
    public RunKeeper keeper() {
        return server().filter(words -> words.length == 2)
                .map(words -> RunKeeper.valueOf(words[1]))
                .orElse(RunKeeper.COMMAND);
    }

    private Optional<String[]> server() {
        try {
            return Files.exists(temporal)
                    ? Optional.of(Files.readString(temporal).strip().split(" ", 2))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + temporal + " cannot be read", e);
        }
    }

    /** Ends the running command as Ctrl-C would and waits until it gave everything back; no such command is fine. */
    public void endRunner() {
        running().ifPresent(RunnerFile::end);
    }

    private Optional<ProcessHandle> running() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] words = Files.readString(file).strip().split(" ", 2);
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> words.length == 2 && startOf(process).equals(words[1]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted while process " + process.pid() + " ended.");
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "Process " + process.pid() + " did not end within " + END_LIMIT.toSeconds() + " s; kill it.");
        }
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("unknown");
    }
}
