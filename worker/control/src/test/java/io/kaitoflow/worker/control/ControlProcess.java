package io.kaitoflow.worker.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@link ControlMain} as a process of its own, with its settings in the environment and its words in a file. */
final class ControlProcess implements AutoCloseable {

    /** What a probe was answered. */
    record Probe(int status, String body) {}

    private static final String PROBED = "Probes are answered on port";
    private static final int UNAVAILABLE = 503;

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private ControlProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ControlProcess start(Path log, Map<String, String> environment) {
        return start(Program.ofClass(ControlMain.class), log, environment);
    }

    static ControlProcess start(Program program, Path log, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        program.classPath(),
                        program.main()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("KAITOFLOW_HEALTH_PORT", "0");
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ControlProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to start the control plane", e);
        }
    }

    /** Waits until its log has these words, and returns what follows them on the line. */
    String awaitLine(String words) {
        Pattern line = Pattern.compile(Pattern.quote(words) + "(.*)");
        return Awaitility.await(words)
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("It ended by itself: " + said());
                    }
                })
                .until(
                        () -> {
                            Matcher found = line.matcher(said());
                            return found.find() ? found.group(1) : null;
                        },
                        rest -> rest != null)
                .strip();
    }

    boolean running() {
        return process.isAlive();
    }

    /** Writes a line to its standard input; without effect on one that ended. */
    void tell(String line) {
        try {
            Writer input = process.outputWriter();
            input.write(line + System.lineSeparator());
            input.flush();
        } catch (IOException ended) {
            // Who ended has nothing to hear.
            return;
        }
    }

    /** All of its log so far. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks {@code /health/ready} or {@code /health/live}; waits until somebody answers. */
    Probe ask(String path) {
        return ask(path, awaitLine(PROBED));
    }

    /** Whether its probe says that only a fresh process can help; an early one is not asked. */
    boolean sick() {
        Matcher port = Pattern.compile(Pattern.quote(PROBED) + " (\\d+)").matcher(said());
        return port.find() && ask("/health/live", port.group(1)).status() == UNAVAILABLE;
    }

    private Probe ask(String path, String port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        try {
            var answer = http.sendAsync(request, BodyHandlers.ofString()).join();
            return new Probe(answer.statusCode(), answer.body());
        } catch (CompletionException nobody) {
            return new Probe(0, String.valueOf(nobody.getMessage()));
        }
    }

    /** SIGTERM, and whether it ended by itself in time. */
    boolean terminate(int seconds) throws InterruptedException {
        process.destroy();
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        http.close();
    }
}
