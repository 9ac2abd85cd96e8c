package io.kaitoflow.activities.dataset.tokens;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Rows in a memory-mapped file; safe for many readers until it is closed.
 *
 * <pre>
 * int32  one per token: the id; the sign bit is set where the token is scored
 * int32  0 or 1 of padding, so that the next begins at a multiple of 8
 * int64  rows + 1 positions: row i is the tokens position[i] .. position[i + 1]
 * int64  rows
 * int64  {@link #MAGIC}
 * </pre>
 *
 * All little-endian.
 */
final class RowTable implements AutoCloseable {

    static final long MAGIC = 0x3153574f52464b4bL;
    static final int SCORED = Integer.MIN_VALUE;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment file;
    private final int rows;
    private final long positions;

    private RowTable(Arena arena, MemorySegment file) {
        this.arena = arena;
        this.file = file;
        this.rows = Math.toIntExact(file.get(LONG, file.byteSize() - 2L * Long.BYTES));
        this.positions = file.byteSize() - 2L * Long.BYTES - (rows + 1L) * Long.BYTES;
    }

    /** @throws IOException when the file is not a whole table */
    static RowTable open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long end = file.byteSize();
            if (end < 3L * Long.BYTES || end % Long.BYTES != 0 || file.get(LONG, end - Long.BYTES) != MAGIC) {
                throw new IOException(path + " is not a whole table of rows");
            }
            return new RowTable(arena, file);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    int rows() {
        return rows;
    }

    /** Tokens of a row, which itself is not read. */
    int length(int index) {
        return Math.toIntExact(position(Objects.checkIndex(index, rows) + 1L) - position(index));
    }

    private long position(long index) {
        return file.get(LONG, positions + index * Long.BYTES);
    }

    /** @param index from 0 */
    TokenisedRow row(int index) {
        int length = length(index);
        long start = position(index);
        int[] ids = new int[length];
        boolean[] scored = new boolean[length];
        for (int i = 0; i < length; i++) {
            int token = file.get(INT, (start + i) * Integer.BYTES);
            ids[i] = token & ~SCORED;
            scored[i] = token < 0;
        }
        return new TokenisedRow(ids, scored);
    }

    @Override
    public void close() {
        arena.close();
    }
}
