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

/** Writes a {@link RowTable}, row by row; positions wait in a file beside it, because there may be more of them than memory. */
final class RowTableWriter implements Closeable {

    private final MessageDigest hash = Hashing.sha256();
    private final Path waiting;
    private final OutputStream out;
    private final OutputStream positions;
    private long tokens;
    private long rows;

    RowTableWriter(Path path) throws IOException {
        this.waiting = path.resolveSibling(path.getFileName() + ".positions");
        this.out = new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(path), hash), 1 << 16);
        this.positions = new BufferedOutputStream(Files.newOutputStream(waiting), 1 << 16);
        writeLong(positions, tokens);
    }

    void add(TokenisedRow row) throws IOException {
        ByteBuffer bytes = buffer(row.length() * Integer.BYTES);
        for (int i = 0; i < row.length(); i++) {
            bytes.putInt(row.scored()[i] ? row.ids()[i] | RowTable.SCORED : row.ids()[i]);
        }
        out.write(bytes.array());
        tokens += row.length();
        rows++;
        writeLong(positions, tokens);
    }

    /** Ends the table; it is nothing before. */
    Digest finish() throws IOException {
        if (tokens % 2 != 0) {
            out.write(buffer(Integer.BYTES).array());
        }
        positions.close();
        Files.copy(waiting, out);
        writeLong(out, rows);
        writeLong(out, RowTable.MAGIC);
        out.flush();
        return Digest.ofSha256(hash.digest());
    }

    private static void writeLong(OutputStream target, long value) throws IOException {
        target.write(buffer(Long.BYTES).putLong(value).array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        try (out;
                positions) {
            Files.deleteIfExists(waiting);
        }
    }
}
