package io.kaitoflow.worker.control;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The control plane as a process of its own, with the JVM's flags of its image. */
record MeasuredPlane(Process process) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PORT = 18_080;

    private static final List<String> FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx116m",
            "-Xmn24m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseStringDeduplication",
            "-XX:TieredStopAtLevel=1");

    /**
     * @param more flags beside those of the image
     * @param environment beside what it needs for the cluster
     */
    static MeasuredPlane start(TestCluster cluster, List<String> more, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(more);
        command.addAll(List.of("-cp", jars(), ControlMain.class.getName()));
        ProcessBuilder plane = new ProcessBuilder(command);
        plane.environment().put("MALLOC_ARENA_MAX", "2");
        plane.environment().put("KUBECONFIG", cluster.server().kubeconfig().toString());
        plane.environment().put("KAITOFLOW_TEMPORAL_ADDRESS", cluster.temporal().target());
        plane.environment().put("KAITOFLOW_HEALTH_PORT", String.valueOf(PORT));
        plane.environment().putAll(TestCluster.RUNTIME);
        plane.environment().putAll(environment);
        plane.redirectErrorStream(true);
        try {
            plane.redirectOutput(Files.createTempFile("control-plane", ".log").toFile());
            Process process = plane.start();
            // Also when the measuring is broken off.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new MeasuredPlane(process);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to start the control plane", e);
        }
    }

    /** Without the folder of these tests; a class archive allows none. */
    private static String jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** From now on; returns when it is. */
    Duration readyAfter() {
        long start = System.nanoTime();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> ready(http));
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean ready(HttpClient http) throws InterruptedException {
        try {
            HttpRequest probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/health/ready"))
                    .build();
            return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notListeningYet) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
