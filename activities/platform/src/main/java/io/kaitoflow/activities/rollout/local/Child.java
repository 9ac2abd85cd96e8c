package io.kaitoflow.activities.rollout.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child process, and the file that names it for a later parent. The child ends by itself when its parent's pipe closes; the
 * file is for the moment in between.
 *
 * @param handle of the running process
 * @param file holds its pid and start
 */
record Child(ProcessHandle handle, Path file) {

    /** Long enough for a checkpoint on SIGTERM. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    static Child started(Process process, Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, process.pid() + " " + startOf(process.toHandle()));
            return new Child(process.toHandle(), file);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException("The process file " + file + " cannot be written", e);
        }
    }

    /** The process that an earlier parent left, if it still runs. */
    static Optional<Child> left(Path file) {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] words = Files.readString(file).strip().split(" ", 2);
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> words.length == 2 && startOf(process).equals(words[1]))
                    .map(process -> new Child(process, file));
        } catch (NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The process file " + file + " cannot be read", e);
        }
    }

    boolean isAlive() {
        return handle.isAlive();
    }

    /** Asks, waits, and then kills; returns when it is gone. */
    void stop() {
        handle.destroy();
        if (!goneWithin(GRACE)) {
            handle.destroyForcibly();
            goneWithin(GRACE);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The process file " + file + " cannot be removed", e);
        }
    }

    private boolean goneWithin(Duration limit) {
        try {
            handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !handle.isAlive();
        } catch (ExecutionException | TimeoutException e) {
            return !handle.isAlive();
        }
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("unknown");
    }
}
