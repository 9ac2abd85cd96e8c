package io.kaitoflow.activities.tuning.nf4;

import static io.kaitoflow.activities.tuning.nf4.Nf4Tensor.BLOCK;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many packed bytes at a time as vectors have lanes. The 16 values that a block can hold are computed once, as one vector of
 * 16 lanes or two of 8; each half of the bytes then selects from them.
 *
 * <p>Vectors are held by local variables alone: in a field they would be arrays, made anew for each block.
 */
final class VectorNf4Dequantiser implements Nf4Dequantiser {

    private static final int CODES = 16;
    private static final int LANES = Math.clamp(IntVector.SPECIES_PREFERRED.length(), CODES / 2, CODES);
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, shape(Byte.SIZE));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, shape(Integer.SIZE));
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape(Float.SIZE));
    private static final int STEP = 2 * LANES;

    /** Lanes of two vectors a and b in turns: a0 b0 a1 b1 …, first and second half. */
    private static final VectorShuffle<Integer> FIRST_HALF = VectorShuffle.makeZip(INTS, 0);

    private static final VectorShuffle<Integer> SECOND_HALF = VectorShuffle.makeZip(INTS, 1);

    private static final FloatVector LOWER_CODES = FloatVector.fromArray(FLOATS, CodeBook.NF4.values(), 0);
    private static final FloatVector UPPER_CODES = FloatVector.fromArray(FLOATS, CodeBook.NF4.values(), CODES - LANES);

    private final ScalarNf4Dequantiser shortBlocks = new ScalarNf4Dequantiser();

    private static VectorShape shape(int bits) {
        return VectorShape.forBitSize(LANES * bits);
    }

    /** Whether vectors of 8 lanes are native; emulated ones would be slower than one value at a time. */
    static boolean isFastHere() {
        return IntVector.SPECIES_PREFERRED.length() >= CODES / 2;
    }

    @Override
    public void dequantise(Nf4Tensor tensor, int fromBlock, int toBlock, Target target, MemorySegment out) {
        int wholeBlocks = Math.toIntExact(tensor.elements() / BLOCK);
        int vectorEnd = Math.min(toBlock, wholeBlocks);
        switch (target) {
            case F32 -> writeFloats(tensor, fromBlock, vectorEnd, out);
            case BF16 -> writeBfloats(tensor, fromBlock, vectorEnd, out);
        }
        if (vectorEnd < toBlock) {
            shortBlocks.dequantise(tensor, Math.max(fromBlock, vectorEnd), toBlock, target, out);
        }
    }

    private static void writeFloats(Nf4Tensor tensor, int fromBlock, int toBlock, MemorySegment out) {
        for (int block = fromBlock; block < toBlock; block++) {
            float scale = tensor.scales().of(block);
            IntVector lower = LOWER_CODES.mul(scale).reinterpretAsInts();
            IntVector upper = UPPER_CODES.mul(scale).reinterpretAsInts();
            for (int i = 0; i < BLOCK; i += STEP) {
                long element = (long) block * BLOCK + i;
                IntVector pairs = pairs(tensor.packed(), element);
                IntVector even = chosen(pairs.lanewise(LSHR, 4), lower, upper);
                IntVector odd = chosen(pairs.and(0xf), lower, upper);
                long place = element * Float.BYTES;
                even.rearrange(FIRST_HALF, odd).intoMemorySegment(out, place, LITTLE_ENDIAN);
                even.rearrange(SECOND_HALF, odd)
                        .intoMemorySegment(out, place + (long) LANES * Float.BYTES, LITTLE_ENDIAN);
            }
        }
    }

    private static void writeBfloats(Nf4Tensor tensor, int fromBlock, int toBlock, MemorySegment out) {
        for (int block = fromBlock; block < toBlock; block++) {
            float scale = tensor.scales().of(block);
            IntVector lower = rounded(LOWER_CODES.mul(scale).reinterpretAsInts());
            IntVector upper = rounded(UPPER_CODES.mul(scale).reinterpretAsInts());
            IntVector lowerOfOdd = lower.lanewise(LSHL, Short.SIZE);
            IntVector upperOfOdd = upper.lanewise(LSHL, Short.SIZE);
            for (int i = 0; i < BLOCK; i += STEP) {
                long element = (long) block * BLOCK + i;
                IntVector pairs = pairs(tensor.packed(), element);
                IntVector even = chosen(pairs.lanewise(LSHR, 4), lower, upper);
                IntVector odd = chosen(pairs.and(0xf), lowerOfOdd, upperOfOdd);
                even.or(odd).intoMemorySegment(out, element * Short.BYTES, LITTLE_ENDIAN);
            }
        }
    }

    /**
     * What codes stand for, as bits.
     *
     * @param lower of codes 0 to 7, or of all
     * @param upper of codes 8 to 15, or of all
     */
    private static IntVector chosen(IntVector codes, IntVector lower, IntVector upper) {
        // Of an index that is too large the lower bits count.
        IntVector chosen = codes.selectFrom(lower);
        return LANES == CODES ? chosen : chosen.blend(codes.selectFrom(upper), codes.compare(GE, LANES));
    }

    /** Packed bytes, one to a lane. */
    private static IntVector pairs(MemorySegment packed, long element) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES, packed, element / 2, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_B2I, INTS, 0);
    }

    /** The upper halves of finite float32 bit patterns, rounded to the nearest, ties to even. */
    private static IntVector rounded(IntVector bits) {
        IntVector lastBit = bits.lanewise(LSHR, 16).and(1);
        return bits.add(0x7fff).add(lastBit).lanewise(LSHR, 16);
    }
}
