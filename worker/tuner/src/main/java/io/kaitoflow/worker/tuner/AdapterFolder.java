package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where in a volume an adapter lies: in the folder of its name, so that one volume may hold several, else at the root.
 *
 * @param root of the volume, as this process has it
 * @param volume for messages
 */
public record AdapterFolder(Path root, VolumeReference volume) {

    private static final Pattern FOLDER_NAME = Pattern.compile("\\w[\\w.-]*");
    private static final int MOST_NAMES = 8;

    /** @throws ImageException.NotAnAdapter that says what is there instead */
    public Path find(String name) {
        return Stream.of(FOLDER_NAME.matcher(name).matches() ? root.resolve(name) : root, root)
                .filter(AdapterFolder::isAdapter)
                .findFirst()
                .orElseThrow(() -> new ImageException.NotAnAdapter("Looked for adapter " + name + " in "
                        + volume.title() + ": neither its root nor a folder " + name + " has both "
                        + AdapterFiles.CONFIG + " and " + AdapterFiles.WEIGHTS + ". " + holding()
                        + " Put the two files of a PEFT adapter there."));
    }

    private static boolean isAdapter(Path folder) {
        return Files.isRegularFile(folder.resolve(AdapterFiles.CONFIG))
                && Files.isRegularFile(folder.resolve(AdapterFiles.WEIGHTS));
    }

    private String holding() {
        try (Stream<Path> entries = Files.list(root)) {
            List<String> names = entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
            return names.isEmpty()
                    ? "It is empty."
                    : "It holds " + names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                            + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more." : ".");
        } catch (IOException unreadable) {
            return "It cannot be read: " + unreadable + ".";
        }
    }
}
