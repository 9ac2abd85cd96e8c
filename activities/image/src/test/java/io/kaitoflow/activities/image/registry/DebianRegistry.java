package io.kaitoflow.activities.image.registry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.presets.ImageReference;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The registry of Debian's package {@code docker-registry} as a child process; tests are skipped where it is not installed. */
public final class DebianRegistry implements AutoCloseable {

    /** The user {@code kaito} with the password {@code secret}. */
    private static final String USERS = "kaito:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private final Process process;
    private final int port;

    private DebianRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static DebianRegistry open(Path folder) throws IOException {
        return start(folder, "");
    }

    /** As a registry whose tags are immutable: it refuses to delete. */
    public static DebianRegistry thatKeepsEverything(Path folder) throws IOException {
        return start(folder, "", false);
    }

    public static DebianRegistry withUsers(Path folder) throws IOException {
        Path users = Files.writeString(Files.createDirectories(folder).resolve("htpasswd"), USERS);
        return start(folder, "auth: {htpasswd: {realm: test, path: " + users + "}}\n");
    }

    private static DebianRegistry start(Path folder, String authentication) throws IOException {
        return start(folder, authentication, true);
    }

    private static DebianRegistry start(Path folder, String authentication, boolean deletes) throws IOException {
        Optional<Path> binary = binary();
        assumeTrue(
                binary.isPresent(),
                "docker-registry is not on the PATH; install it with: apt-get install docker-registry");
        Files.createDirectories(folder);
        int port = freePort();
        Path config = Files.writeString(
                folder.resolve("config.yml"),
                "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " + folder.resolve("data")
                        + "}, delete: {enabled: " + deletes + "}}\nhttp: {addr: \"127.0.0.1:" + port + "\"}\n"
                        + authentication);
        Process process = new ProcessBuilder(binary.get().toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        DebianRegistry registry = new DebianRegistry(process, port);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(registry::answers);
        return registry;
    }

    private static Optional<Path> binary() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "docker-registry"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 500;
        } catch (IOException notYet) {
            return false;
        }
    }

    public ImageReference image(String repository) {
        return ImageReference.parse("127.0.0.1:" + port + "/" + repository + ":0.0.1");
    }

    public RegistryImages images(List<Credential> credentials) {
        return new RegistryImages(
                RegistryAddress.of(image("any")), credentials, RegistryTimeouts.usual(), Pulse.none());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
