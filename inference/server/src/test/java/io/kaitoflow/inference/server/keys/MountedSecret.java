package io.kaitoflow.inference.server.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder as the kubelet keeps it for a Secret: its files lead through {@code ..data} to a folder of their own, and all of them are
 * renewed at once, by a rename.
 *
 * @param folder that a container sees
 */
public record MountedSecret(Path folder) {

    private static final String CURRENT = "..data";

    /** Has it hold these values, and nothing of before. */
    public MountedSecret hold(Map<String, String> values) {
        try {
            Files.createDirectories(folder);
            Path current = folder.resolve(CURRENT);
            Optional<Path> before = Files.exists(current) ? Optional.of(current.toRealPath()) : Optional.empty();
            Path fresh = Files.createDirectory(folder.resolve(".." + UUID.randomUUID()));
            for (Map.Entry<String, String> value : values.entrySet()) {
                Files.writeString(fresh.resolve(value.getKey()), value.getValue());
            }
            Path leading = Files.createSymbolicLink(folder.resolve("..data_tmp"), fresh.getFileName());
            Files.move(leading, current, StandardCopyOption.ATOMIC_MOVE);
            lead(values);
            if (before.isPresent()) {
                remove(before.get());
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where keys lie in it. */
    public KeyPlace place() {
        return KeyPlace.at(folder);
    }

    private void lead(Map<String, String> values) throws IOException {
        for (String name : values.keySet()) {
            if (!Files.isSymbolicLink(folder.resolve(name))) {
                Files.createSymbolicLink(folder.resolve(name), Path.of(CURRENT, name));
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path gone : entries.filter(
                            entry -> !entry.getFileName().toString().startsWith(".."))
                    .filter(entry -> !values.containsKey(entry.getFileName().toString()))
                    .toList()) {
                Files.delete(gone);
            }
        }
    }

    private static void remove(Path old) throws IOException {
        try (Stream<Path> entries = Files.walk(old)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
