package io.kaitoflow.activities.dataset.files;

import io.kaitoflow.activities.dataset.ProgressListener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Lets one process at a time fetch a model or a data set; the operating system frees it when the process dies. */
public final class FetchLock implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(500);

    private final FileChannel channel;

    private FetchLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits until it is our turn.
     *
     * @param what is fetched, for those who wait
     */
    public static FetchLock acquire(Path file, String what, ProgressListener listener) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            while (tryLock(channel) == null) {
                listener.report("waiting for another process that fetches " + what, 0, 0);
                Thread.sleep(TICK);
            }
            return new FetchLock(channel);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new CancellationException("Fetching " + what + " was interrupted.");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Two threads of one JVM get an exception where two processes get nothing. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
