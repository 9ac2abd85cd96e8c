package io.kaitoflow.inference.decode.kernel;

import io.kaitoflow.inference.weights.Dequantiser;

/** Half precision, for which there is no vector conversion yet: unpacked by plain loops. */
final class F16Rows implements RowKernel {
    @Override
    public void dot4(StoredMatrix matrix, int row, float[] x, int xAt, float[] out) {
        var values = new float[matrix.columns()];
        for (int i = 0; i < 4; i++) {
            unpack(matrix, row + i, values, 0);
            out[i] = FloatTile.dot(values, 0, x, xAt, matrix.columns());
        }
    }

    @Override
    public void unpack(StoredMatrix matrix, int row, float[] out, int outAt) {
        var values = new float[matrix.columns()];
        Dequantiser.read(matrix.bytes(), matrix.type(), (long) row * matrix.columns(), values, values.length);
        System.arraycopy(values, 0, out, outAt, values.length);
    }
}
