package io.kaitoflow.activities.dataset.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the file API does for files, for folders. */
public final class Folders {

    private Folders() {}

    /** With everything inside; nothing happens when it is not there. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        for (Path path : inside(folder).reversed()) {
            Files.delete(path);
        }
    }

    /** Makes sure that a power cut after a rename finds the bytes that were renamed. */
    public static void force(Path folder) throws IOException {
        for (Path file : files(folder)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    /** All files at any depth, in the order of their names. */
    public static List<Path> files(Path folder) throws IOException {
        return inside(folder).stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
