package io.kaitoflow.inference.decode.kernel;

/** Products of a stored matrix with rows of activations. Thread-safe; each thread brings its own instance of {@link Scratch}. */
public final class Products {
    private Products() {}

    /** What one thread unpacks weights into; grows to the longest row. */
    public static final class Scratch {
        private final int worker;
        private float[] weights = {};
        private final float[] lanes = new float[3 * FloatTile.ROWS * Lanes.COUNT];
        private float[] scores = {};
        private final float[] sums = new float[3 * FloatTile.ROWS];
        private final int[] at = new int[3];

        /** Of the only thread. */
        public Scratch() {
            this(0);
        }

        /** @param worker number of the thread that it belongs to */
        public Scratch(int worker) {
            this.worker = worker;
        }

        /** Number of the thread that it belongs to, from 0 on. */
        public int worker() {
            return worker;
        }

        private float[] weights(int columns) {
            if (weights.length < FloatTile.ROWS * columns) {
                weights = new float[FloatTile.ROWS * columns];
            }
            return weights;
        }

        /** Room for that many attention scores, whose content is undefined. */
        public float[] scores(int length) {
            if (scores.length < length) {
                scores = new float[Math.max(length, 2 * scores.length)];
            }
            return scores;
        }
    }

    /** One stored row as float32. */
    public static void unpack(StoredMatrix matrix, int row, Activations out, int outRow) {
        matrix.kernel().unpack(matrix, row, out.values(), out.at(outRow));
    }

    /** One stored row as float32, at the head of an array of the scratch, valid until its next use. */
    public static float[] unpacked(StoredMatrix matrix, int row, Scratch scratch) {
        float[] values = scratch.weights(matrix.columns());
        matrix.kernel().unpack(matrix, row, values, 0);
        return values;
    }

    /** Stored rows {@code first} to {@code last - 1}, at least four. */
    public record Range(int first, int last) {}

    /**
     * Writes {@code y[i][place(row)] = matrix[row] · x[i]} for a range of rows and the first {@code count} rows of x. What a
     * sum is depends on its row and its input alone, not on the range or the count.
     */
    public static void product(
            StoredMatrix matrix, Range range, Activations x, int count, Activations y, Scratch scratch) {
        for (int row = range.first(); row < range.last(); row += FloatTile.ROWS) {
            // The last four may overlap those before; they come out the same.
            int from = Math.min(row, matrix.rows() - FloatTile.ROWS);
            if (count == 1) {
                matrix.kernel().dot4(matrix, from, x.values(), 0, scratch.sums);
                put(matrix, from, y, 0, scratch.sums, 0);
            } else {
                several(matrix, from, x, count, y, scratch);
            }
        }
    }

    private static void several(
            StoredMatrix matrix, int row, Activations x, int count, Activations y, Scratch scratch) {
        int columns = matrix.columns();
        float[] weights = scratch.weights(columns);
        for (int i = 0; i < FloatTile.ROWS; i++) {
            matrix.kernel().unpack(matrix, row + i, weights, i * columns);
        }
        int input = 0;
        for (; input + 2 < count; input += 3) {
            three(matrix, row, x, input, y, scratch);
        }
        for (; input + 1 < count; input += 2) {
            scratch.at[0] = x.at(input);
            scratch.at[1] = x.at(input + 1);
            FloatTile.dot4x2(weights, columns, x.values(), scratch.at, scratch.sums);
            put(matrix, row, y, input, scratch.sums, 0);
            put(matrix, row, y, input + 1, scratch.sums, FloatTile.ROWS);
        }
        if (input < count) {
            FloatTile.dot4(weights, columns, x.values(), x.at(input), scratch.sums);
            put(matrix, row, y, input, scratch.sums, 0);
        }
    }

    private static void three(StoredMatrix matrix, int row, Activations x, int input, Activations y, Scratch scratch) {
        for (int i = 0; i < 3; i++) {
            scratch.at[i] = x.at(input + i);
        }
        FloatTile.dot4x3(scratch.weights, matrix.columns(), x.values(), scratch.at, scratch.sums, scratch.lanes);
        for (int i = 0; i < 3; i++) {
            put(matrix, row, y, input + i, scratch.sums, i * FloatTile.ROWS);
        }
    }

    private static void put(StoredMatrix matrix, int row, Activations y, int output, float[] sums, int at) {
        for (int i = 0; i < FloatTile.ROWS; i++) {
            y.values()[y.at(output) + matrix.place().applyAsInt(row + i)] = sums[at + i];
        }
    }
}
