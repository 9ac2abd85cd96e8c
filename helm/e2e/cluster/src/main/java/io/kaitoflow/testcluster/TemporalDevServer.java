package io.kaitoflow.testcluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real Temporal server on 127.0.0.1, with its database in a file. It can be killed and started again at the same address, with
 * what it knew or with an empty database.
 */
public final class TemporalDevServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path binary;
    private final Path folder;
    private final boolean durable;
    private final int port = FreePorts.next();
    private final int uiPort = FreePorts.next();
    private final int metricsPort = FreePorts.next();
    private int database;
    private Program server;

    private TemporalDevServer(Path binary, Path folder, boolean durable) {
        this.binary = binary;
        this.folder = folder;
        this.durable = durable;
        this.server = run();
        awaitAnswer();
    }

    /**
     * With its database in a file, so that it can be killed and restarted.
     *
     * @throws IllegalStateException when the program is not there; the message says how to get it
     */
    public static TemporalDevServer start() {
        return start(true);
    }

    /** As people start it, with its database in memory: what was in it is gone when it ends. */
    public static TemporalDevServer startInMemory() {
        return start(false);
    }

    private static TemporalDevServer start(boolean durable) {
        Path binary = Path.of(System.getProperty("user.home"), ".kaitoflow", "bin", "temporal");
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException("There is no " + binary
                    + ". Build it with temporal/dev/server install, which takes 8 to 15 minutes once.");
        }
        try {
            return new TemporalDevServer(binary, Files.createTempDirectory("kaitoflow-temporal"), durable);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to prepare a Temporal server", e);
        }
    }

    /** Where it answers, host and port. */
    public String target() {
        return "127.0.0.1:" + port;
    }

    /** Its Web UI. */
    public URI webUi() {
        return URI.create("http://127.0.0.1:" + uiPort);
    }

    /** The real {@code temporal} command, told this server. */
    public Kubectl.Answer temporal(String... arguments) {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--address", target()));
        return Kubectl.Answer.to(command);
    }

    /** Where {@code temporal/dev/tctl} puts it. */
    public static Path tctl() {
        return Path.of(System.getProperty("user.home"), ".kaitoflow", "bin", "tctl");
    }

    /** The real {@code tctl} of older days, told this server. */
    public Kubectl.Answer tctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(tctl().toString(), "--address", target()));
        command.addAll(List.of(arguments));
        return Kubectl.Answer.to(command);
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        server.close();
    }

    /** Starts it again with what it knew. Kill it first. */
    public void restart() {
        server = run();
        awaitAnswer();
    }

    /** Starts it again with an empty database. Kill it first. */
    public void restartEmpty() {
        database++;
        restart();
    }

    private Program run() {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "server",
                "start-dev",
                "--ip",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--ui-port",
                String.valueOf(uiPort),
                "--metrics-port",
                String.valueOf(metricsPort),
                "--log-level",
                "error"));
        if (durable) {
            command.addAll(List.of(
                    "--db-filename",
                    folder.resolve("temporal-" + database + ".db").toString()));
        }
        return Program.start(List.copyOf(command), folder.resolve("server.log"));
    }

    private void awaitAnswer() {
        Awaitility.await("the Temporal server")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast(this::checkAlive)
                .until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void checkAlive() {
        if (!server.running()) {
            throw new IllegalStateException("The Temporal server ended by itself.\n" + server.lastWords());
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to remove " + folder, e);
        }
    }
}
