package io.kaitoflow.worker.cli.local;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalObjects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a manifest's ConfigMaps and Secrets where tuner and server look for them. */
public final class ObjectFolder {

    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

    private final LocalObjects objects;

    /** @param objects whose folders are written */
    public ObjectFolder(LocalObjects objects) {
        this.objects = objects;
    }

    /** Replaces what an earlier manifest left there. */
    public void write(LocalApply applied) {
        try {
            for (ConfigMap map : applied.configMaps()) {
                write(map);
            }
            for (Secret secret : applied.secrets()) {
                write(secret);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "The objects of the workspace cannot be written below " + objects.root() + ": " + e);
        }
    }

    private void write(ConfigMap map) throws IOException {
        Path folder = emptied(objects.configMap(map.getMetadata().getName()));
        for (Map.Entry<String, String> file : entries(map.getData())) {
            put(folder, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void write(Secret secret) throws IOException {
        Path folder = emptied(objects.secret(secret.getMetadata().getName()));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        for (Map.Entry<String, String> file : entries(secret.getStringData())) {
            put(folder, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        for (Map.Entry<String, String> file : entries(secret.getData())) {
            put(folder, file.getKey(), Base64.getMimeDecoder().decode(file.getValue()));
        }
    }

    /** Keys that an earlier manifest had must not be read for this one. */
    private static Path emptied(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> earlier = Files.newDirectoryStream(folder)) {
            for (Path file : earlier) {
                Files.delete(file);
            }
        }
        return folder;
    }

    private static Set<Map.Entry<String, String>> entries(Map<String, String> data) {
        return Optional.ofNullable(data).orElse(Map.of()).entrySet();
    }

    private static void put(Path folder, String key, byte[] content) throws IOException {
        if (!KEY.matcher(key).matches() || key.startsWith("..")) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "The key \"" + key
                            + "\" cannot be a file name; use letters, digits, dots, hyphens and underscores.");
        }
        // A temporary file is its owner's alone from its first moment, and stays so when it is moved.
        Path fresh = Files.write(Files.createTempFile(folder, ".", ".tmp"), content);
        Files.move(fresh, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
