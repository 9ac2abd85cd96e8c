package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Products;
import io.kaitoflow.inference.decode.kernel.Products.Range;
import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import java.util.ArrayList;
import java.util.List;

/** Matrices of the same input whose outputs lie side by side, cut into pieces for a {@link Crew}. */
record Fused(List<Piece> pieces) {
    /** Enough to be worth the handing out, few enough that no thread waits long for another's last piece. */
    private static final int VALUES_OF_A_PIECE = 1 << 15;

    record Piece(StoredMatrix matrix, Range range) {}

    static Fused of(List<StoredMatrix> matrices) {
        List<Piece> pieces = new ArrayList<>();
        for (StoredMatrix matrix : matrices) {
            int step = Math.max(4, VALUES_OF_A_PIECE / matrix.columns() / 4 * 4);
            for (int row = 0; row < matrix.rows(); row += step) {
                pieces.add(new Piece(matrix, new Range(row, Math.min(row + step, matrix.rows()))));
            }
        }
        return new Fused(List.copyOf(pieces));
    }

    boolean isComputable() {
        return pieces.stream().allMatch(piece -> piece.matrix().isComputable());
    }

    /** The products with the first {@code count} rows of x. */
    void multiply(Crew crew, Activations x, int count, Activations y) {
        crew.run(pieces.size(), (number, scratch) -> {
            Piece piece = pieces.get(number);
            Products.product(piece.matrix(), piece.range(), x, count, y, scratch);
        });
    }
}
