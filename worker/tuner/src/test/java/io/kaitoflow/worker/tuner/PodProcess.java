package io.kaitoflow.worker.tuner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One container of a pod without a kubelet: a main class in a process of its own, told everything by its environment. */
final class PodProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private PodProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static PodProcess start(Class<?> main, Path log, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xms32m",
                        "-Xmx640m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new PodProcess(process, log);
    }

    /** As a kubelet's probe sees it. */
    int health() {
        Matcher port = Pattern.compile("Probes are answered on port (\\d+)").matcher(said());
        if (!port.find()) {
            return 0;
        }
        URI address = URI.create("http://127.0.0.1:" + port.group(1) + "/health/ready");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException nobody) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    void awaitReady() {
        Awaitility.await("readiness")
                .atMost(Duration.ofMinutes(3))
                .failFast(this::refuseEnd)
                .until(() -> health() == 200);
    }

    private void refuseEnd() {
        if (!process.isAlive()) {
            throw new AssertionError("It ended by itself: " + said());
        }
    }

    /** How it ended by itself. */
    int exit() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            throw new AssertionError("It does not end: " + said());
        }
        return process.exitValue();
    }

    /** SIGTERM, as a kubelet ends a container. */
    void terminate() {
        process.destroy();
    }

    String said() {
        try {
            return new String(Files.readAllBytes(log), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
