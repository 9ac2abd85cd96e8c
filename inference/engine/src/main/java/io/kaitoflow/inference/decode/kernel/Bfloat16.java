package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Float32 rounded to its upper half, to nearest and ties to even; of finite numbers. */
public final class Bfloat16 {
    private Bfloat16() {}

    /** Writes the first {@code length} numbers, on processors without vectors too. */
    public static void round(float[] values, int length, MemorySegment memory) {
        for (int i = 0; i < length; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16));
        }
    }

    /** Writes {@code length} numbers, a multiple of 16, from a byte offset on. */
    public static void store(float[] values, int from, int length, MemorySegment memory, long offset) {
        for (int i = 0; i < length; i += Lanes.COUNT) {
            IntVector bits =
                    FloatVector.fromArray(Lanes.FLOATS, values, from + i).reinterpretAsInts();
            IntVector lowestKept = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector rounded = bits.add(0x7fff).add(lowestKept).lanewise(VectorOperators.LSHR, 16);
            ((ShortVector) rounded.convertShape(VectorOperators.I2S, Lanes.SHORTS, 0))
                    .intoMemorySegment(memory, offset + 2L * i, ByteOrder.nativeOrder());
        }
    }
}
