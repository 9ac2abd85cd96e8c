package io.kaitoflow.activities.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.presets.Digest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The files of one checkpoint: a header that names the digest of every tensor file, and the tensor files. */
final class CheckpointFolder {

    private static final String HEADER = "checkpoint.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CheckpointFolder() {}

    /** Writes under another name, syncs every file, renames, and syncs the rename. */
    static void write(
            Path parent, String name, Digest run, TrainingPosition position, Map<String, MemorySegment> tensors)
            throws IOException {
        Path target = parent.resolve(name);
        Path temporary = parent.resolve(name + ".partial");
        delete(temporary);
        Files.createDirectories(temporary);
        Map<String, Digest> digests = new TreeMap<>();
        for (var tensor : tensors.entrySet()) {
            ByteBuffer bytes = tensor.getValue().asByteBuffer();
            digests.put(tensor.getKey(), digest(bytes.duplicate()));
            writeSynced(temporary.resolve(tensor.getKey() + Checkpoint.TENSOR), bytes);
        }
        byte[] header =
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new CheckpointHeader(run, position, digests));
        writeSynced(temporary.resolve(HEADER), ByteBuffer.wrap(header));
        sync(temporary);
        delete(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        sync(parent);
    }

    /**
     * Lets somebody fill a folder, and gives it its name when it is a whole checkpoint.
     *
     * @throws IOException if it is not
     */
    static CheckpointHeader take(Path parent, String name, Consumer<Path> filler) throws IOException {
        Path temporary = parent.resolve(name + ".partial");
        delete(temporary);
        Files.createDirectories(temporary);
        filler.accept(temporary);
        CheckpointHeader header = verify(temporary);
        delete(parent.resolve(name));
        Files.move(temporary, parent.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        sync(parent);
        return header;
    }

    /**
     * Reads the header and every byte of the tensors.
     *
     * @throws IOException if a file is missing, or any byte is not as the header says
     */
    static CheckpointHeader verify(Path folder) throws IOException {
        CheckpointHeader header = JSON.readValue(folder.resolve(HEADER).toFile(), CheckpointHeader.class);
        for (var tensor : header.tensors().entrySet()) {
            Path file = folder.resolve(tensor.getKey() + Checkpoint.TENSOR);
            if (!Files.exists(file)) {
                throw new FileNotFoundException(file + " is missing");
            }
            if (!digest(file).equals(tensor.getValue())) {
                throw new IOException(file + " is not as its header says");
            }
        }
        return header;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void writeSynced(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Makes names in a folder durable. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    private static Digest digest(ByteBuffer bytes) {
        MessageDigest sha = sha256();
        sha.update(bytes);
        return Digest.ofSha256(sha.digest());
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha.update(buffer, 0, read);
            }
        }
        return Digest.ofSha256(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
