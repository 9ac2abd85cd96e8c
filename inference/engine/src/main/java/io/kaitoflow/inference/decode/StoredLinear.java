package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Products;
import io.kaitoflow.inference.decode.kernel.Products.Range;
import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import io.kaitoflow.inference.decode.machine.RoundedInputs;
import java.util.ArrayList;
import java.util.List;

/** Matrices as they lie in their file, multiplied with exact inputs, cut into pieces for a {@link Crew}. */
record StoredLinear(List<Piece> pieces) implements Linear {
    /** Enough to be worth the handing out, few enough that no thread waits long for another's last piece. */
    private static final int VALUES_OF_A_PIECE = 1 << 15;

    record Piece(StoredMatrix matrix, Range range) {}

    static StoredLinear of(List<StoredMatrix> matrices) {
        List<Piece> pieces = new ArrayList<>();
        for (StoredMatrix matrix : matrices) {
            int step = Math.max(4, VALUES_OF_A_PIECE / matrix.columns() / 4 * 4);
            for (int row = 0; row < matrix.rows(); row += step) {
                pieces.add(new Piece(matrix, new Range(row, Math.min(row + step, matrix.rows()))));
            }
        }
        return new StoredLinear(List.copyOf(pieces));
    }

    @Override
    public void prepare(Activations x, int row, RoundedInputs rounded) {
        // The rows are used as they are.
    }

    @Override
    public void multiply(Crew crew, Input x, int count, Activations y) {
        crew.run(pieces.size(), (number, scratch) -> {
            Piece piece = pieces.get(number);
            Products.product(piece.matrix(), piece.range(), x.exact(), count, y, scratch);
        });
    }
}
