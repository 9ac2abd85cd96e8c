package io.kaitoflow.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that runs until it is killed, and does not outlive this JVM. Its words are in a log. */
final class Program implements AutoCloseable {

    private static final int SHOWN_LINES = 20;

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static Program start(List<String> command, Path log) {
        return start(command, Map.of(), log);
    }

    /** @param variables of its environment, beside ours */
    static Program start(List<String> command, Map<String, String> variables, Path log) {
        try {
            ProcessBuilder program = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            program.environment().putAll(variables);
            Process process = program.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Program(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to start " + command.getFirst(), e);
        }
    }

    boolean running() {
        return process.isAlive();
    }

    /** The end of the log, for messages. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    /** Kills it as {@code kill -9} does and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
