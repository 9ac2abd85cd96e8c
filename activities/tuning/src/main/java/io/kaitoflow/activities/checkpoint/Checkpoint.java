package io.kaitoflow.activities.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A whole checkpoint on disk whose bytes have been verified.
 *
 * @param folder where it lies
 * @param position how far the run had come
 */
public record Checkpoint(Path folder, TrainingPosition position) {

    /** Extension of a tensor's file: float32, little-endian, nothing else. */
    static final String TENSOR = ".f32";

    /**
     * Reads a tensor into memory of exactly its size.
     *
     * @throws CheckpointException.Unreadable if it has another size or the disk fails
     */
    public void read(String tensor, MemorySegment target) {
        Path file = folder.resolve(tensor + TENSOR);
        try (FileChannel channel = FileChannel.open(file)) {
            if (Files.size(file) != target.byteSize()) {
                throw new EOFException("it has " + Files.size(file) + " bytes, expected " + target.byteSize());
            }
            ByteBuffer bytes = target.asByteBuffer();
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("it ended early");
                }
            }
        } catch (IOException e) {
            throw new CheckpointException.Unreadable(
                    "Cannot read the checkpoint tensor " + file + ": " + e.getMessage()
                            + ". Remove the folder to start from the checkpoint before.",
                    e);
        }
    }
}
