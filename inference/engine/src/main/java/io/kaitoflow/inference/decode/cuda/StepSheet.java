package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.decode.StepRow;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What the kernels read of a step, written by the host and brought over in one piece. */
final class StepSheet implements AutoCloseable {
    private static final int PART_STEP = 16;

    private final int tableWidth;
    private final MemorySegment host;
    private final CudaMemory memory;
    private final long adapters;
    private final long tokens;
    private final long positions;
    private final long sequences;
    private final long longs;
    private final long wanted;
    private final long ones;
    private final long tiles;
    private final long tables;

    private int wantedRows;
    private int oneCount;
    private int leadingOnes;
    private int tileCount;
    private int longest;
    private long end;

    /**
     * @param rows of a step at most
     * @param sequenceLimit sequences of a step at most
     * @param positionLimit tokens of a sequence at most
     */
    StepSheet(CudaDevice device, int rows, int sequenceLimit, int positionLimit) {
        tableWidth = Math.ceilDiv(positionLimit, PageMemory.TOKENS);
        adapters = part(Long.BYTES, rows);
        tokens = part(Integer.BYTES, rows);
        positions = part(Integer.BYTES, rows);
        sequences = part(Integer.BYTES, rows);
        longs = part(Integer.BYTES, rows);
        wanted = part(Integer.BYTES, rows);
        ones = part(2 * Integer.BYTES, rows);
        tiles = part(2 * Integer.BYTES, rows);
        tables = part(tableWidth * Integer.BYTES, sequenceLimit);
        host = device.allocateHost(end);
        memory = device.allocate(end);
    }

    private long part(int elementBytes, int count) {
        long begin = end;
        end = Math.ceilDiv(begin + (long) elementBytes * count, PART_STEP) * PART_STEP;
        return begin;
    }

    /**
     * Writes a step down.
     *
     * @param tileRows neighbours of one sequence that look at its keys together, at most
     */
    void write(List<StepRow> rows, CudaAdapters lodged, int tileRows) {
        wantedRows = 0;
        oneCount = 0;
        leadingOnes = 0;
        tileCount = 0;
        longest = 0;
        int runs = 0;
        int first = 0;
        while (first < rows.size()) {
            int next = endOfRun(rows, first);
            for (int i = first; i < next; i++) {
                writeRow(rows.get(i), i, runs, lodged);
            }
            if (next == runs + 1) {
                leadingOnes = next;
            }
            writePages(rows.get(next - 1), runs);
            for (int i = first; i < next; i += tileRows) {
                writeGroup(rows, i, Math.min(tileRows, next - i));
            }
            first = next;
            runs++;
        }
        longest = longest > 1 ? Integer.highestOneBit(longest - 1) << 1 : longest;
        memory.write(0, host.asSlice(0, tables + (long) runs * tableWidth * Integer.BYTES));
    }

    /** Rows of one sequence come one after the other. */
    private static int endOfRun(List<StepRow> rows, int first) {
        int next = first + 1;
        while (next < rows.size()
                && rows.get(next).sequence() == rows.get(first).sequence()) {
            next++;
        }
        return next;
    }

    private void writeRow(StepRow row, int index, int run, CudaAdapters lodged) {
        host.set(ValueLayout.JAVA_LONG, adapters + (long) index * Long.BYTES, lodged.addressOf(row.adapter()));
        put(tokens, index, row.token());
        put(positions, index, row.position());
        put(sequences, index, run);
        put(longs, index, row.sequence().isLong() ? 1 : 0);
        if (row.wanted()) {
            put(wanted, wantedRows, index);
            wantedRows++;
        }
    }

    private void writePages(StepRow last, int run) {
        for (int page = 0; page <= last.position() / PageMemory.TOKENS; page++) {
            put(tables, run * tableWidth + page, last.sequence().page(page * PageMemory.TOKENS));
        }
    }

    private void writeGroup(List<StepRow> rows, int first, int count) {
        long part = count == 1 ? ones : tiles;
        int index = count == 1 ? oneCount++ : tileCount++;
        if (count == 1) {
            longest = Math.max(longest, rows.get(first).position() + 1);
        }
        put(part, 2 * index, first);
        put(part, 2 * index + 1, count);
    }

    private void put(long part, int index, int value) {
        host.set(ValueLayout.JAVA_INT, part + (long) index * Integer.BYTES, value);
    }

    /** Rows whose logits are wanted. */
    int wantedRows() {
        return wantedRows;
    }

    /** Rows that look at keys alone. */
    int oneCount() {
        return oneCount;
    }

    /** Rows before the first sequence that has several: replies come first. */
    int leadingOnes() {
        return leadingOnes;
    }

    /** Groups of rows that look at keys together. */
    int tileCount() {
        return tileCount;
    }

    /** Tokens that a row which looks alone sees at most, or a few more: steps that differ little are the same to the kernels. */
    int longest() {
        return longest;
    }

    int tableWidth() {
        return tableWidth;
    }

    long adapters() {
        return memory.address() + adapters;
    }

    long tokens() {
        return memory.address() + tokens;
    }

    long positions() {
        return memory.address() + positions;
    }

    long sequences() {
        return memory.address() + sequences;
    }

    long longs() {
        return memory.address() + longs;
    }

    long wanted() {
        return memory.address() + wanted;
    }

    long ones() {
        return memory.address() + ones;
    }

    long tiles() {
        return memory.address() + tiles;
    }

    long tables() {
        return memory.address() + tables;
    }

    @Override
    public void close() {
        memory.close();
    }
}
