package io.kaitoflow.worker.tuner;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Debian's {@code docker-registry} with one user, {@code kaito} with the password {@code secret}. */
final class PasswordRegistry implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/bin/docker-registry");
    private static final String USERS = "kaito:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private final Process process;
    private final int port;

    private PasswordRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static PasswordRegistry start(Path folder) throws IOException {
        assumeTrue(Files.isExecutable(BINARY), "Install it with: apt-get install docker-registry");
        int port = freePort();
        Path users = Files.writeString(folder.resolve("htpasswd"), USERS);
        Path config =
                Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                auth: {htpasswd: {realm: test, path: %s}}
                """.formatted(folder.resolve("images"), port, users));
        Process process = new ProcessBuilder(BINARY.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        PasswordRegistry registry = new PasswordRegistry(process, port);
        Awaitility.await("the registry").atMost(Duration.ofMinutes(1)).until(registry::listens);
        return registry;
    }

    ImageReference image(String repository) {
        return ImageReference.parse("127.0.0.1:" + port + "/" + repository + ":1");
    }

    /** What {@code kubectl create secret docker-registry} writes. */
    String dockerConfig() {
        return "{\"auths\":{\"127.0.0.1:" + port + "\":{\"username\":\"kaito\",\"password\":\"secret\"}}}";
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
