package io.kaitoflow.activities.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder of a volume that takes an adapter's files; each appears whole. */
final class ResultFolder {

    private final Path folder;

    ResultFolder(Path folder) {
        this.folder = folder;
    }

    void take(Path adapterFolder) {
        try {
            Files.createDirectories(folder);
            for (String name : AdapterFiles.in(adapterFolder)) {
                Path fresh = folder.resolve("." + name + ".new");
                Files.copy(adapterFolder.resolve(name), fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException cause) {
            throw ImageException.ofFile("Copying the adapter into " + folder, cause);
        }
    }
}
