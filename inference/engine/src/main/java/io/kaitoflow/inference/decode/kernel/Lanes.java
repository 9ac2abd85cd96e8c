package io.kaitoflow.inference.decode.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The shapes that all vector kernels share: 16 lanes of float32 where the processor has them, else 8. */
public final class Lanes {
    public static final int COUNT = FloatVector.SPECIES_PREFERRED.length() >= 16 ? 16 : 8;
    public static final VectorSpecies<Float> FLOATS = COUNT == 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_256;
    public static final VectorSpecies<Integer> INTS = COUNT == 16 ? IntVector.SPECIES_512 : IntVector.SPECIES_256;
    public static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(COUNT * Byte.SIZE));
    public static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(COUNT * Short.SIZE));

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VectorShuffle<Float> BY_8 = turn(8);
    private static final VectorShuffle<Float> BY_4 = turn(4);
    private static final VectorShuffle<Float> BY_2 = turn(2);
    private static final VectorShuffle<Float> BY_1 = turn(1);

    private Lanes() {}

    private static VectorShuffle<Float> turn(int by) {
        return VectorShuffle.fromOp(FLOATS, i -> (i + by) % COUNT);
    }

    static FloatVector zero() {
        return FloatVector.zero(FLOATS);
    }

    /** A half-precision number, in all lanes. */
    static FloatVector half(MemorySegment memory, long at) {
        return FloatVector.broadcast(FLOATS, Float.float16ToFloat(memory.get(HALF, at)));
    }

    /** Unsigned bytes as integers. */
    static IntVector unsigned(MemorySegment memory, long at) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES, memory, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /** Signed bytes as floats. */
    static FloatVector signed(MemorySegment memory, long at) {
        return (FloatVector) ByteVector.fromMemorySegment(BYTES, memory, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    static FloatVector floats(IntVector whole) {
        return (FloatVector) whole.convertShape(VectorOperators.I2F, FLOATS, 0);
    }

    static FloatVector bfloat16(MemorySegment memory, long at) {
        return widened(ShortVector.fromMemorySegment(SHORTS, memory, at, ByteOrder.LITTLE_ENDIAN));
    }

    static FloatVector bfloat16(short[] values, int at) {
        return widened(ShortVector.fromArray(SHORTS, values, at));
    }

    private static FloatVector widened(ShortVector upperHalves) {
        return ((IntVector) upperHalves.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats();
    }

    /** The sum of all lanes, always in the same order, whoever compiled the call. */
    static float sum(FloatVector v) {
        FloatVector folded = COUNT == 16 ? v.add(v.rearrange(BY_8)) : v;
        folded = folded.add(folded.rearrange(BY_4));
        folded = folded.add(folded.rearrange(BY_2));
        return folded.add(folded.rearrange(BY_1)).lane(0);
    }
}
