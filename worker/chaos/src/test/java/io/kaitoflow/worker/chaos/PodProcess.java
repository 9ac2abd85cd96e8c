package io.kaitoflow.worker.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The one container of a pod as a process of this machine, with a folder for its volumes. */
final class PodProcess {

    private static final Pattern PORT = Pattern.compile("Probes are answered on port (\\d+)");
    private static final Pattern BROUGHT = Pattern.compile("checkpoint of step (\\d+) was brought here");
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final int OK = 200;

    /** As many as a kubelet takes of a log. */
    private static final int LAST_WORDS = 2048;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path folder;
    private final Process process;
    private boolean asked;
    private int stepsAtTheEnd;
    private boolean resumedInItsTime;

    private PodProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** @param folder holds its volumes and its log */
    static PodProcess start(Path folder, List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new PodProcess(folder, process);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to start " + command.getLast(), e);
        }
    }

    Path home() {
        return folder.resolve("home");
    }

    /** Optimiser steps that it did, also when its disk is gone. */
    int steps() {
        Path runs = home().resolve("runs");
        if (!Files.exists(runs)) {
            return stepsAtTheEnd;
        }
        try (Stream<Path> files = Files.walk(runs)) {
            int steps = 0;
            for (Path file : files.filter(each -> each.endsWith("losses.csv")).toList()) {
                steps += ownSteps(Files.readAllLines(file));
            }
            return steps;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All but the header and those that came with a checkpoint of another machine. */
    private int ownSteps(List<String> lines) {
        Matcher brought = BROUGHT.matcher(said());
        long before = brought.find() ? Long.parseLong(brought.group(1)) : 0;
        return (int) lines.stream()
                .map(line -> line.split(",", 2)[0])
                .filter(step -> step.matches("\\d+") && Long.parseLong(step) > before)
                .count();
    }

    /** Whether it went on from a checkpoint that another machine had made. */
    boolean resumed() {
        return resumedInItsTime || Files.exists(folder) && said().contains("was brought here");
    }

    boolean running() {
        return process.isAlive();
    }

    int exit() {
        return process.exitValue();
    }

    /** As a kubelet's probe sees it. */
    boolean ready() {
        Matcher port = PORT.matcher(said());
        if (!running() || !port.find()) {
            return false;
        }
        URI address = URI.create("http://127.0.0.1:" + port.group(1) + "/health/ready");
        try {
            HttpRequest request = HttpRequest.newBuilder(address).timeout(PROBE).build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException nobody) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGTERM, once. */
    void terminate() {
        if (!asked) {
            asked = true;
            process.destroy();
        }
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** The end of its log, as a kubelet gives it for a container that says nothing else. */
    String lastWords() {
        String said = said();
        return said.substring(Math.max(0, said.length() - LAST_WORDS));
    }

    String said() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its disk is gone with it. The model cache is only linked from there. */
    void wipe() {
        kill();
        if (!Files.exists(folder)) {
            return;
        }
        stepsAtTheEnd = steps();
        resumedInItsTime = resumed();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
