package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.machine.InputForm;
import io.kaitoflow.inference.decode.machine.PackedMatrix;
import io.kaitoflow.inference.decode.machine.RoundedInputs;
import java.util.ArrayList;
import java.util.List;

/** Packed matrices, multiplied with rounded inputs, cut into pieces for a {@link Crew}. */
record PackedLinear(List<Piece> pieces, List<InputForm> inputs) implements Linear {
    private static final int VALUES_OF_A_PIECE = 1 << 16;
    private static final int ROWS_OF_A_PANEL = 16;
    /** So few that no thread waits long for another's last piece. */
    private static final int INPUTS_OF_A_PIECE = 128;

    /** Panels {@code first} to {@code last - 1}. */
    record Piece(PackedMatrix matrix, int first, int last) {}

    static PackedLinear of(List<PackedMatrix> matrices) {
        List<Piece> pieces = new ArrayList<>();
        for (PackedMatrix matrix : matrices) {
            int most = Math.max(1, VALUES_OF_A_PIECE / (ROWS_OF_A_PANEL * matrix.columns()));
            // Of one size and even in number, so that no thread is left with a piece alone.
            int count = Math.min(matrix.panels(), 2 * Math.ceilDiv(matrix.panels(), 2 * most));
            for (int piece = 0; piece < count; piece++) {
                pieces.add(new Piece(matrix, piece * matrix.panels() / count, (piece + 1) * matrix.panels() / count));
            }
        }
        return new PackedLinear(
                List.copyOf(pieces),
                matrices.stream().map(PackedMatrix::inputs).distinct().toList());
    }

    /** Whether all of them want their inputs in one form, so that these are rounded once. */
    static boolean isPossible(List<InputForm> forms) {
        return forms.stream().distinct().count() == 1;
    }

    @Override
    public void prepare(Activations x, int row, RoundedInputs rounded) {
        rounded.put(inputs.getFirst(), x, row);
    }

    @Override
    public void multiply(Crew crew, Input x, int count, Activations y) {
        int parts = Math.ceilDiv(count, INPUTS_OF_A_PIECE);
        crew.run(parts * pieces.size(), (number, _) -> {
            Piece piece = pieces.get(number % pieces.size());
            int first = number / pieces.size() * INPUTS_OF_A_PIECE;
            int last = Math.min(count, first + INPUTS_OF_A_PIECE);
            piece.matrix().product(piece.first(), piece.last(), x.rounded(), first, last, y);
        });
    }
}
