package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.presets.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Recognises a full disk, before the bytes come where their number is known. */
public final class DiskSpace {

    private DiskSpace() {}

    /** Java has no type for it; these are the words of the C library. */
    public static boolean isExhausted(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isExhausted(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a program's words say that the disk is full. */
    public static boolean isExhausted(@Nullable String words) {
        return words != null && (words.contains("No space left on device") || words.contains("Disk quota exceeded"));
    }

    /** @throws DownloadException.DiskFull when the folder cannot hold so many bytes */
    public static void require(Path folder, long bytes) throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < bytes) {
            throw new DownloadException.DiskFull(
                    folder,
                    ": " + ByteSize.ofBytes(bytes) + " are needed, " + ByteSize.ofBytes(usable) + " are free",
                    null);
        }
    }
}
