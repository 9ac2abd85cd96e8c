package io.kaitoflow.activities.image.layout;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps other threads and other processes out; a file lock alone does not tell threads of one JVM apart. */
final class FolderLock implements AutoCloseable {

    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;
    private final FileLock processes;

    private FolderLock(FileChannel channel, FileLock processes) {
        this.channel = channel;
        this.processes = processes;
    }

    /** Waits until the lock is free. */
    static FolderLock take(Path file) throws IOException {
        THREADS.lock();
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new FolderLock(channel, channel.lock());
        } catch (IOException | RuntimeException cause) {
            THREADS.unlock();
            throw cause;
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            processes.release();
        } finally {
            THREADS.unlock();
        }
    }
}
