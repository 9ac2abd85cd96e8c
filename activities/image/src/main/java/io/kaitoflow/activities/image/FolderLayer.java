package io.kaitoflow.activities.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes the one layer of an image. Equal files give equal bytes: order, times, owners and modes are fixed. */
public final class FolderLayer {

    private static final int FILE_MODE = 0100644;
    private static final int FOLDER_MODE = 040755;

    private FolderLayer() {}

    /**
     * @param names of the files that go in, in this order
     * @param inside the folder of the image, ending with a slash
     */
    public static void write(Path folder, List<String> names, String inside, Path target) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(target), 1 << 20);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(file, "UTF-8")) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.putArchiveEntry(entry(inside, 0));
            tar.closeArchiveEntry();
            for (String name : names) {
                Path source = folder.resolve(name);
                tar.putArchiveEntry(entry(inside + name, Files.size(source)));
                Files.copy(source, tar);
                tar.closeArchiveEntry();
            }
        }
    }

    private static TarArchiveEntry entry(String name, long size) {
        boolean folder = name.endsWith("/");
        TarArchiveEntry entry = new TarArchiveEntry(name, folder ? TarConstants.LF_DIR : TarConstants.LF_NORMAL);
        entry.setSize(size);
        entry.setMode(folder ? FOLDER_MODE : FILE_MODE);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }
}
