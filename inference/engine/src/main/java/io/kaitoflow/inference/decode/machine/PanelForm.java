package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.weights.ElementType;
import java.util.Optional;

/**
 * How a panel, sixteen rows of a matrix, lies in memory: step by step along the columns, what belongs to one column or group of
 * columns side by side for all sixteen rows, so that each lane of a vector is a row. The bytes of a step are those of the file in
 * another order.
 */
enum PanelForm {
    /** Of 32 columns: codes (4 vectors), scales. Codes stand for 0 to 15 and mean -8 to 7. */
    Q4_0(ElementType.Q4_0, 32, 4 * 64 + 32),
    /** Of 32 columns: codes (4 vectors), scales, minima. */
    Q4_1(ElementType.Q4_1, 32, 4 * 64 + 2 * 32),
    /** Of 32 columns: codes (8 vectors), scales. Codes are kept 128 higher than they mean. */
    Q8_0(ElementType.Q8_0, 32, 8 * 64 + 32),
    /** Of 16 columns: pairs of neighbouring columns (8 vectors). */
    BF16(ElementType.BF16, 16, 8 * 64);

    /** Rows of a panel. */
    static final int ROWS = 16;

    private final ElementType type;
    private final int columns;
    private final int stepBytes;

    PanelForm(ElementType type, int columns, int stepBytes) {
        this.type = type;
        this.columns = columns;
        this.stepBytes = stepBytes;
    }

    static Optional<PanelForm> of(ElementType type) {
        for (PanelForm form : values()) {
            if (form.type == type) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** Columns of a step. */
    int columns() {
        return columns;
    }

    /** Bytes of a step of a panel. */
    int stepBytes() {
        return stepBytes;
    }

    /** Bytes of a step of a row as it lies in the file. */
    int storedBytes() {
        return Math.toIntExact(type.bytesFor(columns));
    }
}
