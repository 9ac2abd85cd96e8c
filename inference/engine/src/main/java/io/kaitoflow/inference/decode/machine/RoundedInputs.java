package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Bfloat16;
import io.kaitoflow.inference.decode.machine.PanelFunctions.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rows of activations, rounded for the products to come. Rows may be written by several threads, each its own. */
public final class RoundedInputs implements AutoCloseable {
    /** Adding it rounds a small float to a whole number, to nearest and ties to even, which then stands in the low bits. */
    private static final float ROUNDER = 12_582_912f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    /** Its upper byte is 127 also after rounding. */
    private static final int MOST = 127 << 8;

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

    Rows rows(InputForm form, int columns, int first) {
        long stride = form.rowBytes(columns);
        // Checked to lie in the memory.
        return new Rows(memory.asSlice(first * stride, stride), stride);
    }

    /** Rounds one row. */
    public void put(InputForm form, Activations x, int row) {
        long at = row * form.rowBytes(x.width());
        switch (form) {
            case BFLOAT16 -> Bfloat16.store(x.values(), x.at(row), x.width(), memory, at);
            case WHOLE -> {
                for (int i = 0; i < x.width(); i += InputForm.WHOLE.columns()) {
                    putWhole(x.values(), x.at(row) + i, at);
                    at += InputForm.WHOLE.stepBytes();
                }
            }
        }
    }

    private void putWhole(float[] x, int from, long at) {
        FloatVector first = FloatVector.fromArray(FloatVector.SPECIES_512, x, from);
        FloatVector second = FloatVector.fromArray(FloatVector.SPECIES_512, x, from + 16);
        float greatest = first.abs().max(second.abs()).reduceLanes(VectorOperators.MAX);
        float scale = greatest / MOST;
        float inverse = greatest == 0 ? 0 : MOST / greatest;
        IntVector sums = putCodes(first, inverse, at).add(putCodes(second, inverse, at + 16));
        int sum = sums.reduceLanes(VectorOperators.ADD);
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + InputForm.SCALE_AT, scale);
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + InputForm.SCALED_SUM_AT, scale * sum);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + InputForm.FOUR_BIT_START_AT, -8 * sum);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + InputForm.EIGHT_BIT_START_AT, -128 * sum);
    }

    private IntVector putCodes(FloatVector x, float inverse, long at) {
        IntVector codes = x.mul(inverse).add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector upper = codes.add(1 << 7).lanewise(VectorOperators.ASHR, Byte.SIZE);
        putBytes(upper, at);
        putBytes(codes.sub(upper.lanewise(VectorOperators.LSHL, Byte.SIZE)), at + InputForm.LOWER_AT);
        return codes;
    }

    private void putBytes(IntVector values, long at) {
        ((ByteVector) values.convertShape(VectorOperators.I2B, ByteVector.SPECIES_128, 0))
                .intoMemorySegment(memory, at, ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        arena.close();
    }
}
