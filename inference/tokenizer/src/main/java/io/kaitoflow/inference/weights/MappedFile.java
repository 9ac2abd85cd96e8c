package io.kaitoflow.inference.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A whole file mapped read-only; closing it unmaps. */
record MappedFile(Path path, MemorySegment bytes, Arena arena) implements AutoCloseable {

    static MappedFile open(Path path) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path)) {
            return new MappedFile(path, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), arena);
        } catch (NoSuchFileException e) {
            arena.close();
            throw new WeightFileException.Unreadable("No weight file at " + path + ". Check the path.", e);
        } catch (IOException e) {
            arena.close();
            throw new WeightFileException.Unreadable(
                    "Cannot map the weight file " + path + ": " + e + ". Check its permissions and the disk.", e);
        }
    }

    long size() {
        return bytes.byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
