package io.kaitoflow.worker.cli.local;

import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.local.ClassArchive;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server of this command, in a JVM of its own; it ends with this process, whatever ends it. */
public final class ServerProcess implements AutoCloseable {

    private static final String ROLE = "server";
    private static final String MAIN = "io.kaitoflow.inference.server.ServerMain";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param home that the class archive and the natives are kept in
     * @param arguments of the server but its port
     * @param output where what it says goes
     */
    public static ServerProcess start(
            LocalHome home, int port, List<String> arguments, ProcessBuilder.Redirect output) {
        return start(home, port, List.of(), arguments, output);
    }

    /** A server that takes only the time that others leave, ends as soon as it is ready, and leaves the class archive. */
    static ServerProcess rehearse(LocalHome home, List<String> arguments, Path log) throws IOException {
        ServerProcess server =
                start(home, 0, List.of("nice", "-n", "10"), arguments, ProcessBuilder.Redirect.to(log.toFile()));
        server.process.getOutputStream().close();
        return server;
    }

    /** @param runner what runs the JVM, if anything */
    private static ServerProcess start(
            LocalHome home, int port, List<String> runner, List<String> arguments, ProcessBuilder.Redirect output) {
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(runner);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Role.SERVER.heap());
        command.addAll(archive(home).flags(ROLE));
        command.addAll(Role.JVM_FLAGS);
        command.addAll(List.of("-cp", classPath, MAIN));
        command.addAll(arguments);
        command.addAll(List.of("--port", String.valueOf(port), "--exit-with-parent"));
        try {
            // Standard input stays an open pipe that nobody writes: its end tells the server that this process is gone.
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(output).redirectOutput(output);
            Map<String, String> environment = builder.environment();
            environment.putAll(Role.NATIVE_SETTINGS);
            environment.put("DJL_CACHE_DIR", home.natives().toString());
            return new ServerProcess(builder.start(), port);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "The server cannot be started: " + e + ".");
        }
    }

    /** The classes that a server's first start leaves for later ones. */
    private static ClassArchive archive(LocalHome home) {
        return new ClassArchive(System.getProperty("java.class.path"), home.root());
    }

    /** Whether a rehearsal would leave what is not there yet. */
    static boolean unrehearsed(LocalHome home) {
        return archive(home).missing(ROLE);
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Waits until it takes requests. */
    public void awaitReady() {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            while (!healthy(http)) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new CommandFailure(
                            ExitCode.FAILED, "The server ended with exit status " + process.exitValue() + ".");
                }
                if (System.nanoTime() > end) {
                    throw new CommandFailure(
                            ExitCode.FAILED, "The server was not ready after " + READY_LIMIT.toSeconds() + " s.");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted while the server started.");
        }
    }

    private boolean healthy(HttpClient http) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until it ends by itself; its exit status. */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks it to end, which gives running replies their time. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
