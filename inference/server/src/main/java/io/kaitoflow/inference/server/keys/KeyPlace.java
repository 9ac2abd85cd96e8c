package io.kaitoflow.inference.server.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where keys lie: a file with one a line, or a folder of such files, as Kubernetes mounts a Secret.
 *
 * @param path of the file or folder
 * @param first what it held when it was named
 */
public record KeyPlace(Path path, ApiKeys first) {

    /** Kubernetes renews all files of a mounted Secret at once, by having this lead to another folder. */
    private static final String CURRENT = "..data";

    /**
     * A place that holds keys.
     *
     * @throws IllegalArgumentException when it holds none
     */
    public static KeyPlace at(Path path) {
        return new KeyPlace(path, read(path));
    }

    /** @throws IllegalArgumentException when it holds none now; says nothing of what it holds */
    ApiKeys now() {
        return read(path);
    }

    private static ApiKeys read(Path path) {
        try {
            Set<String> keys = Files.isDirectory(path)
                    ? keysOfFolder(path)
                    : keysOfFile(path).collect(Collectors.toSet());
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(
                        "--api-keys " + path + " holds no key. Put one into the file, or into a file of"
                                + " the folder; where a Secret is mounted there, into the Secret.");
            }
            return new ApiKeys(keys);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException("--api-keys " + path + " cannot be read: " + e, e);
        }
    }

    /** Read again where it was renewed meanwhile: what was read then is partly old, partly new, or gone. */
    private static Set<String> keysOfFolder(Path folder) throws IOException {
        Path current = current(folder);
        try {
            Set<String> keys = files(current).stream().flatMap(KeyPlace::keysOf).collect(Collectors.toSet());
            if (current(folder).equals(current)) {
                return keys;
            }
        } catch (IOException | UncheckedIOException unreadable) {
            if (current(folder).equals(current)) {
                throw unreadable;
            }
        }
        return keysOfFolder(folder);
    }

    /** Only the link is looked at: what it leads to may go at any moment. */
    private static Path current(Path folder) throws IOException {
        Path current = folder.resolve(CURRENT);
        return Files.isSymbolicLink(current) ? folder.resolve(Files.readSymbolicLink(current)) : folder;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static Stream<String> keysOf(Path file) {
        try {
            return keysOfFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> keysOfFile(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty());
    }
}
