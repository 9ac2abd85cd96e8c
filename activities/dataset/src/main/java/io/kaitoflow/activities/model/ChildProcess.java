package io.kaitoflow.activities.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, and takes it down with everything it started when the waiting ends early. */
final class ChildProcess {

    private static final long TICK_MILLIS = 200;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;

    /**
     * @param environment added to ours
     * @param log takes what the program prints
     */
    ChildProcess(List<String> command, Map<String, String> environment, Path log) {
        this.command = command;
        this.environment = environment;
        this.log = log;
    }

    /** What a program said and how it ended. */
    record Result(int exitCode, List<String> lines) {}

    /**
     * @param tick called several times a second; what it throws ends the program
     * @throws IOException when the program cannot be started
     */
    Result run(Runnable tick) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            while (!process.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                tick.run();
            }
            return new Result(process.exitValue(), Files.readAllLines(log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException(command.getFirst() + " was interrupted.");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
