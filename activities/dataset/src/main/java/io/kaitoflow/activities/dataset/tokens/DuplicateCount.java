package io.kaitoflow.activities.dataset.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows equal to an earlier one, exactly and in bounded memory: fingerprints of many rows wait in a file that has no name, and
 * are compared in parts at the end.
 */
final class DuplicateCount {

    private static final int IN_MEMORY = 1 << 17;
    private static final int BUFFER_BYTES = 1 << 16;

    private final int inMemory;
    private long[] prints = new long[64];
    private int size;
    private long spilled;
    private @Nullable FileChannel file;

    DuplicateCount() {
        this(IN_MEMORY);
    }

    /** @param inMemory most fingerprints that wait outside the file, a power of two of at least 64 */
    DuplicateCount(int inMemory) {
        this.inMemory = inMemory;
    }

    /** @param fingerprint even in all its bits, as those of a cryptographic hash are */
    void add(long fingerprint) {
        if (size == inMemory) {
            spill();
        } else if (size == prints.length) {
            prints = Arrays.copyOf(prints, 2 * size);
        }
        prints[size++] = fingerprint;
    }

    /** How many of those that were added equal an earlier one; nothing may be added afterwards. */
    long count() {
        if (file == null) {
            return duplicates(prints, size);
        }
        spill();
        int bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(spilled / (4L * inMemory)));
        long found = 0;
        for (long part = 0; part < 1L << bits; part++) {
            found += duplicatesOfPart(part, bits);
        }
        return found;
    }

    private static long duplicates(long[] values, int length) {
        Arrays.sort(values, 0, length);
        long found = 0;
        for (int i = 1; i < length; i++) {
            found += values[i] == values[i - 1] ? 1 : 0;
        }
        return found;
    }

    private void spill() {
        ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
        bytes.asLongBuffer().put(prints, 0, size);
        try {
            FileChannel target = opened();
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Fingerprints of rows cannot be kept: " + e, e);
        }
        spilled += size;
        size = 0;
    }

    /** On Linux its name is gone as soon as it is open, so that no crash leaves it behind. */
    private FileChannel opened() throws IOException {
        FileChannel present = file;
        if (present == null) {
            present = FileChannel.open(
                    Files.createTempFile("fingerprints", null),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            file = present;
        }
        return present;
    }

    /** A part are fingerprints that begin with the same bits; equal ones are in the same. */
    private long duplicatesOfPart(long part, int bits) {
        long[] members = new long[inMemory];
        int count = 0;
        for (long at = 0; at < spilled * Long.BYTES; at += BUFFER_BYTES) {
            ByteBuffer bytes = read(at);
            while (bytes.hasRemaining()) {
                long print = bytes.getLong();
                if (print >>> (Long.SIZE - bits) == part) {
                    members = count == members.length ? Arrays.copyOf(members, 2 * count) : members;
                    members[count++] = print;
                }
            }
        }
        return duplicates(members, count);
    }

    /** A buffer full, or what is left of the file. */
    private ByteBuffer read(long at) {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, spilled * Long.BYTES - at));
        try {
            FileChannel source = opened();
            int got = 0;
            while (bytes.hasRemaining() && got >= 0) {
                got = source.read(bytes, at + bytes.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Fingerprints of rows cannot be read back: " + e, e);
        }
        return bytes.flip();
    }
}
