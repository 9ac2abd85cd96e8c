package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.processes.ProcessIdentity;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A child process of this one. It ends by itself when its parent's pipe closes.
 *
 * @param process holds the pipe
 * @param purpose tells one start from another; equal purposes need no new start
 * @param role what it is there for
 * @param log where its output goes
 * @param memoryWasFull whether the system ended a process for its memory since this one started
 */
record Child(Process process, String purpose, Role role, Path log, BooleanSupplier memoryWasFull) {

    boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended, if it does within the limit. */
    Optional<ChildExit> exitWithin(Duration limit) {
        return endedWithin(limit) ? Optional.of(exit()) : Optional.empty();
    }

    /** Waits for its end. */
    ChildExit awaitExit() {
        process.onExit().join();
        return exit();
    }

    private ChildExit exit() {
        return new ChildExit(role.label(), process.exitValue(), log, memoryWasFull.getAsBoolean());
    }

    /** Asks the process and not its handle, which is gone a moment before the exit code is known. */
    private boolean endedWithin(Duration limit) {
        try {
            return process.waitFor(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Names the process for a later parent. */
    void writeTo(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, ProcessIdentity.of(process.toHandle()).text());
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException("The process file " + file + " cannot be written", e);
        }
    }

    /** The process that a file names, if it still runs: this parent's, or what an earlier one left. */
    static Optional<ProcessHandle> left(Path file) {
        try {
            return Files.exists(file)
                    ? ProcessIdentity.parse(Files.readString(file)).flatMap(ProcessIdentity::running)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The process file " + file + " cannot be read", e);
        }
    }

    /** Asks, waits, and then kills; returns when it is gone. */
    static void stop(ProcessHandle process, Duration grace) {
        process.destroy();
        if (goneWithin(process, grace)) {
            return;
        }
        process.destroyForcibly();
        if (!goneWithin(process, grace)) {
            throw new RolloutException.NotStopped(
                    "Process " + process.pid() + " was killed and is still there after " + grace.toSeconds() + " s.");
        }
    }

    private static boolean goneWithin(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        } catch (ExecutionException | TimeoutException e) {
            return !process.isAlive();
        }
    }
}
