package io.kaitoflow.activities.tuning.nf4;

import static io.kaitoflow.activities.tuning.nf4.Nf4Tensor.BLOCK;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * 32 values at a time. The 16 values that a block can hold are computed once as one vector of 16 lanes; each half of 16
 * packed bytes then selects from it.
 */
final class VectorNf4Dequantiser implements Nf4Dequantiser {

    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final int LANES = INTS.length();
    private static final int STEP = 2 * LANES;

    /** Lanes of two vectors a and b in turns: a0 b0 a1 b1 …, first and second half. */
    private static final VectorShuffle<Integer> FIRST_HALF = VectorShuffle.makeZip(INTS, 0);

    private static final VectorShuffle<Integer> SECOND_HALF = VectorShuffle.makeZip(INTS, 1);

    private static final FloatVector CODE_BOOK = FloatVector.fromArray(FLOATS, CodeBook.NF4.values(), 0);

    private final ScalarNf4Dequantiser shortBlocks = new ScalarNf4Dequantiser();

    /** Whether vectors of 16 lanes are native; emulated ones would be slower than one value at a time. */
    static boolean isFastHere() {
        return IntVector.SPECIES_PREFERRED.length() >= LANES;
    }

    @Override
    public void dequantise(Nf4Tensor tensor, int fromBlock, int toBlock, Target target, MemorySegment out) {
        int wholeBlocks = Math.toIntExact(tensor.elements() / BLOCK);
        int vectorEnd = Math.min(toBlock, wholeBlocks);
        for (int block = fromBlock; block < vectorEnd; block++) {
            FloatVector table = CODE_BOOK.mul(tensor.scales().of(block));
            switch (target) {
                case F32 -> writeFloats(tensor.packed(), block, table.reinterpretAsInts(), out);
                case BF16 -> writeBfloats(tensor.packed(), block, bfloat16(table.reinterpretAsInts()), out);
            }
        }
        if (vectorEnd < toBlock) {
            shortBlocks.dequantise(tensor, Math.max(fromBlock, vectorEnd), toBlock, target, out);
        }
    }

    private static void writeFloats(MemorySegment packed, int block, IntVector table, MemorySegment out) {
        for (int i = 0; i < BLOCK; i += STEP) {
            long element = (long) block * BLOCK + i;
            IntVector pairs = pairs(packed, element);
            IntVector even = pairs.lanewise(LSHR, 4).selectFrom(table);
            IntVector odd = pairs.and(0xf).selectFrom(table);
            long place = element * Float.BYTES;
            zip(even, odd, FIRST_HALF).intoMemorySegment(out, place, LITTLE_ENDIAN);
            zip(even, odd, SECOND_HALF).intoMemorySegment(out, place + (long) LANES * Float.BYTES, LITTLE_ENDIAN);
        }
    }

    private static void writeBfloats(MemorySegment packed, int block, IntVector table, MemorySegment out) {
        IntVector upper = table.lanewise(LSHL, 16);
        for (int i = 0; i < BLOCK; i += STEP) {
            long element = (long) block * BLOCK + i;
            IntVector pairs = pairs(packed, element);
            IntVector even = pairs.lanewise(LSHR, 4).selectFrom(table);
            IntVector odd = pairs.and(0xf).selectFrom(upper);
            even.or(odd).intoMemorySegment(out, element * Short.BYTES, LITTLE_ENDIAN);
        }
    }

    /** 16 packed bytes, one to a lane. */
    private static IntVector pairs(MemorySegment packed, long element) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES, packed, element / 2, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_B2I, INTS, 0);
    }

    private static IntVector zip(IntVector even, IntVector odd, VectorShuffle<Integer> half) {
        return even.rearrange(half, odd);
    }

    /** The upper halves of 16 finite float32 bit patterns, rounded to the nearest, ties to even. */
    private static IntVector bfloat16(IntVector bits) {
        IntVector lastBit = bits.lanewise(LSHR, 16).and(1);
        return bits.add(0x7fff).add(lastBit).lanewise(LSHR, 16);
    }
}
