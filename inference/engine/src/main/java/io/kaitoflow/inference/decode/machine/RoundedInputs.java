package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Rows of activations, rounded for the products to come. Rows may be written by several threads, each its own. */
public final class RoundedInputs implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int count;

    /** @param columns of the widest row */
    public RoundedInputs(int count, int columns) {
        this.count = count;
        long row = Math.max(InputForm.BFLOAT16.rowBytes(columns), InputForm.WHOLE.rowBytes(columns));
        MemorySegment owned = arena.allocate(count * row, 64);
        // Without the arena's check for every access; close() is called when no step runs any more.
        this.memory = MemorySegment.ofAddress(owned.address()).reinterpret(owned.byteSize());
    }

    int count() {
        return count;
    }

    /** {@code count} rows from {@code first} on. */
    Rows rows(InputForm form, int columns, int first, int count) {
        long stride = form.rowBytes(columns);
        // Checked to lie in the memory.
        return new Rows(memory.asSlice(first * stride, count * stride), stride);
    }

    /** Rounds one row. */
    public void put(InputForm form, Activations x, int row) {
        Rounding.to(form).put(x.values(), x.at(row), x.width(), memory, row * form.rowBytes(x.width()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
