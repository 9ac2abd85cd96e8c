package io.kaitoflow.activities.tuning.nf4;

import static io.kaitoflow.activities.tuning.nf4.Nf4Tensor.BLOCK;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Turns float32 matrices into {@link Nf4Tensor}s, bit for bit as bitsandbytes does. Safe for many threads. */
public final class Nf4Quantiser {

    private static final float SMALLEST = 1e-38f;

    private final boolean doubleQuantisation;

    /** For rows on their way; one made for each matrix would outgrow the young generation and stay until the heap is full. */
    private final Queue<float[]> buffers = new ConcurrentLinkedQueue<>();

    /** @param doubleQuantisation whether the block scales are quantised too */
    public Nf4Quantiser(boolean doubleQuantisation) {
        this.doubleQuantisation = doubleQuantisation;
    }

    /**
     * Quantises a matrix that is read some rows at a time.
     *
     * @param values of the matrix
     * @param memory where the codes go
     * @throws IllegalArgumentException if a value is not finite: such a model cannot be trained
     */
    public Nf4Tensor quantise(MatrixRows values, int rows, int columns, SegmentAllocator memory) {
        long elements = (long) rows * columns;
        MemorySegment packed = memory.allocate(Math.ceilDiv(elements, 2));
        float[] absmax = new float[Math.toIntExact(Math.ceilDiv(elements, BLOCK))];
        // Rows by the block's length end at a block's end whatever the columns are.
        int rowsAtATime = Math.max(1, MatrixRows.ELEMENTS_AT_A_TIME / columns / BLOCK) * BLOCK;
        float[] some = buffer(Math.min(rowsAtATime, rows) * columns);
        for (int row = 0; row < rows; row += rowsAtATime) {
            int count = Math.min(rowsAtATime, rows - row);
            values.read(row, count, some);
            new Piece(some, count * columns, (long) row * columns).quantise(absmax, packed);
        }
        buffers.add(some);
        BlockScales scales =
                doubleQuantisation ? BlockScales.DoubleQuantised.of(absmax) : new BlockScales.Plain(absmax);
        return new Nf4Tensor(rows, columns, packed, scales);
    }

    private float[] buffer(int length) {
        float[] used = buffers.poll();
        return used != null && used.length >= length
                ? used
                : new float[Math.max(length, MatrixRows.ELEMENTS_AT_A_TIME)];
    }

    /**
     * Whole blocks of a matrix.
     *
     * @param values of them and perhaps more
     * @param length how many values belong to them
     * @param first place of the first value in the matrix
     */
    private record Piece(float[] values, int length, long first) {

        void quantise(float[] absmax, MemorySegment packed) {
            byte[] codes = new byte[Math.ceilDiv(length, 2)];
            int firstBlock = Math.toIntExact(first / BLOCK);
            for (int from = 0; from < length; from += BLOCK) {
                int end = Math.min(from + BLOCK, length);
                float largest = largest(from, end);
                absmax[firstBlock + from / BLOCK] = largest;
                pack(from, end, largest, codes);
            }
            MemorySegment.copy(codes, 0, packed, JAVA_BYTE, first / 2, codes.length);
        }

        private float largest(int from, int end) {
            float largest = 0;
            for (int i = from; i < end; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            // A block's largest is not finite where any of its values is not.
            if (!Float.isFinite(largest)) {
                refuse(from, end);
            }
            return largest;
        }

        private void refuse(int from, int end) {
            for (int i = from; i < end; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new IllegalArgumentException("Weight " + (first + i) + " is " + values[i]
                            + ", which no 4-bit code stands for. The base model's file is damaged or overflowed.");
                }
            }
        }

        private void pack(int from, int end, float largest, byte[] codes) {
            // Times the reciprocal, not divided by the scale: the last bit decides codes near a midpoint.
            float reciprocal = 1 / Math.max(largest, SMALLEST);
            for (int i = from; i < end; i += 2) {
                int high = Nf4Codes.nearest(values[i] * reciprocal);
                int low = i + 1 < end ? Nf4Codes.nearest(values[i + 1] * reciprocal) : Nf4Codes.ZERO;
                codes[i / 2] = (byte) (high << 4 | low);
            }
        }
    }

    static float clamp(float scaled) {
        return Math.clamp(scaled, -1f, 1f);
    }
}
