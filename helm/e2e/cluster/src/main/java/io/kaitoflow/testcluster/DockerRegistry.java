package io.kaitoflow.testcluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real registry on 127.0.0.1 that everybody may push to, its images in a folder. It can be killed and started again at the same
 * address; what it holds is read from its folder, whether it runs or not.
 */
public final class DockerRegistry implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/bin/docker-registry");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Path config;
    private final int port = FreePorts.next();
    private Program server;

    private DockerRegistry(Path folder) throws IOException {
        this.folder = folder;
        this.config = Files.writeString(
                folder.resolve("config.yml"),
                "version: 0.1\n"
                        + "log: {level: error}\n"
                        + "storage: {filesystem: {rootdirectory: " + folder.resolve("images")
                        + "}, delete: {enabled: true}}\n"
                        + "http: {addr: \"127.0.0.1:" + port + "\"}\n");
        this.server = run();
        awaitAnswer();
    }

    /** Whether the program is installed here; {@code apt-get install docker-registry} does it. */
    public static boolean installed() {
        return Files.isExecutable(BINARY);
    }

    /** Starts it, empty. */
    public static DockerRegistry start() {
        try {
            return new DockerRegistry(Files.createTempDirectory("kaitoflow-registry"));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to prepare a registry", e);
        }
    }

    /** Where it answers. */
    public int port() {
        return port;
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        server.close();
    }

    /** Starts it again with what it held. Kill it first. */
    public void restart() {
        server = run();
        awaitAnswer();
    }

    /** The manifest that each tag of a repository stands for now, by tag. */
    public Map<String, String> tags(String repository) {
        Map<String, String> tags = new TreeMap<>();
        for (Path tag : list(manifests(repository).resolve("tags"))) {
            digest(tag.resolve("current").resolve("link"))
                    .ifPresent(digest -> tags.put(tag.getFileName().toString(), digest));
        }
        return tags;
    }

    /** Every manifest that was ever pushed to a repository and not deleted. */
    public List<String> manifestsOf(String repository) {
        return list(manifests(repository).resolve("revisions").resolve("sha256")).stream()
                .flatMap(revision -> digest(revision.resolve("link")).stream())
                .toList();
    }

    /** A manifest's text. */
    public String manifest(String digest) {
        String hex = digest.replaceFirst("^sha256:", "");
        Path blob = folder.resolve("images/docker/registry/v2/blobs/sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex)
                .resolve("data");
        try {
            return Files.readString(blob);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read the manifest " + digest, e);
        }
    }

    /** Whether anything of a repository has arrived, if only a layer. */
    public boolean knows(String repository) {
        return Files.exists(repository(repository));
    }

    private Path manifests(String repository) {
        return repository(repository).resolve("_manifests");
    }

    private Path repository(String repository) {
        return folder.resolve("images/docker/registry/v2/repositories").resolve(repository);
    }

    private static Optional<String> digest(Path link) {
        try {
            return Optional.of(Files.readString(link).strip()).filter(text -> !text.isEmpty());
        } catch (NoSuchFileException deleted) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException nothingYet) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Program run() {
        return Program.start(List.of(BINARY.toString(), "serve", config.toString()), folder.resolve("registry.log"));
    }

    private void awaitAnswer() {
        Awaitility.await("the registry")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast(() -> {
                    if (!server.running()) {
                        throw new IllegalStateException("The registry ended by itself.\n" + server.lastWords());
                    }
                })
                .until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
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
