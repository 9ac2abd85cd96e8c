package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.Digest;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/** Writes a {@link RowTable}, row by row. */
final class RowTableWriter implements Closeable {

    private final MessageDigest hash = Hashing.sha256();
    private final OutputStream out;
    private long[] positions = new long[1024];
    private int rows;

    RowTableWriter(Path path) throws IOException {
        this.out = new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(path), hash), 1 << 16);
    }

    void add(TokenisedRow row) throws IOException {
        ByteBuffer bytes = buffer(row.length() * Integer.BYTES);
        for (int i = 0; i < row.length(); i++) {
            bytes.putInt(row.scored()[i] ? row.ids()[i] | RowTable.SCORED : row.ids()[i]);
        }
        out.write(bytes.array());
        if (rows + 1 == positions.length) {
            positions = Arrays.copyOf(positions, positions.length * 2);
        }
        positions[rows + 1] = positions[rows] + row.length();
        rows++;
    }

    /** Ends the table; it is nothing before. */
    Digest finish() throws IOException {
        if (positions[rows] % 2 != 0) {
            out.write(buffer(Integer.BYTES).array());
        }
        for (int i = 0; i <= rows; i++) {
            writeLong(positions[i]);
        }
        writeLong(rows);
        writeLong(RowTable.MAGIC);
        out.flush();
        return Digest.ofSha256(hash.digest());
    }

    private void writeLong(long value) throws IOException {
        out.write(buffer(Long.BYTES).putLong(value).array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
