package io.kaitoflow.temporal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * {@code temporal server start-dev} with a database file: real server, real Web UI. One a folder: a process that finds the server
 * of another one running uses it and leaves it running. It ends with the process that started it, whatever ends that, and not
 * before: a terminal's Ctrl-C, which goes to all processes of a session, would end it while machines are still given back.
 */
final class DevServer implements TemporalServer {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final String PROCESS_FILE = "server";

    /**
     * Becomes the server, in the same process; beside it the end of the standard input is waited for, which comes with the end of the
     * process that started it.
     */
    private static final String UNTIL_END_OF_INPUT = """
        exec 3<&0
        { read -r _ <&3; kill "$$"; } 2>/dev/null &
        exec "$@" 3<&- </dev/null\
        """;

    /** Absent where another process started it. */
    private final Optional<Process> own;

    private final Ports ports;
    private final Path file;

    private DevServer(Optional<Process> own, Ports ports, Path file) {
        this.own = own;
        this.ports = ports;
        this.file = file;
    }

    /** The two ports that the server listens on. */
    private record Ports(int frontend, int webUi) {}

    static Optional<Path> binaryOnPath() {
        return onPath("temporal");
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(Pattern.quote(java.io.File.pathSeparator), -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static DevServer startOrFind(Path binary, Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(PROCESS_FILE);
            Optional<DevServer> running = find(file);
            return running.isPresent() ? running.get() : start(binary, folder, file);
        } catch (IOException e) {
            throw new UncheckedIOException("The Temporal server's folder " + folder + " cannot be used", e);
        }
    }

    private static Optional<DevServer> find(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> words = List.of(Files.readString(file).strip().split(" ", -1));
        if (words.size() != 4) {
            return Optional.empty();
        }
        Ports ports = new Ports(Integer.parseInt(words.get(2)), Integer.parseInt(words.get(3)));
        return ProcessHandle.of(Long.parseLong(words.get(0)))
                .filter(handle -> startedAt(handle).equals(words.get(1)) && answers(ports.frontend()))
                .map(handle -> new DevServer(Optional.empty(), ports, file));
    }

    private static DevServer start(Path binary, Path folder, Path file) throws IOException {
        Ports ports = freePorts();
        Process process = new ProcessBuilder(command(binary, folder, ports))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        DevServer server = new DevServer(Optional.of(process), ports, file);
        Files.writeString(
                file,
                String.join(
                        " ",
                        String.valueOf(process.pid()),
                        startedAt(process.toHandle()),
                        String.valueOf(ports.frontend()),
                        String.valueOf(ports.webUi())));
        server.awaitAnswer(process, folder);
        return server;
    }

    private static List<String> command(Path binary, Path folder, Ports ports) {
        List<String> command = new ArrayList<>();
        // A session of its own, where this machine has the program for it.
        onPath("setsid").map(Path::toString).ifPresent(command::add);
        command.addAll(List.of("sh", "-c", UNTIL_END_OF_INPUT, "sh"));
        command.addAll(arguments(binary, folder, ports));
        return command;
    }

    private static List<String> arguments(Path binary, Path folder, Ports ports) {
        return List.of(
                binary.toString(),
                "server",
                "start-dev",
                "--ip",
                "127.0.0.1",
                "--port",
                String.valueOf(ports.frontend()),
                "--ui-port",
                String.valueOf(ports.webUi()),
                "--db-filename",
                folder.resolve("temporal.db").toString(),
                "--log-level",
                "error");
    }

    private void awaitAnswer(Process process, Path folder) {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers(ports.frontend())) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new TemporalException("The temporal binary did not start a server; its log is "
                        + folder.resolve("server.log") + "; name a running one with --temporal.");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TemporalException("Interrupted while the Temporal server started.", e);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Ports freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            return new Ports(one.getLocalPort(), two.getLocalPort());
        }
    }

    private static String startedAt(ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .map(start -> String.valueOf(start.toEpochMilli()))
                .orElse("unknown");
    }

    @Override
    public TemporalAddress address() {
        return TemporalAddress.of("127.0.0.1:" + ports.frontend());
    }

    @Override
    public Optional<URI> webUi() {
        return Optional.of(URI.create("http://127.0.0.1:" + ports.webUi()));
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public void close() {
        own.ifPresent(this::end);
    }

    private void end(Process process) {
        process.destroy();
        try {
            process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            process.destroyForcibly();
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The process file " + file + " cannot be removed", e);
        }
    }
}
