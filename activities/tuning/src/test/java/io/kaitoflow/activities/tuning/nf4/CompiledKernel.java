package io.kaitoflow.activities.tuning.nf4;

import io.kaitoflow.activities.tuning.nf4.BlockScales.DoubleQuantised;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * NF4 with double quantisation as the compiled processor kernel of bitsandbytes 0.50.2 does it. It does not give a scale the
 * nearest code: it first rounds the scale, brought into -1 to 1, to one of 65,536 grid points (halves upwards), and takes the code
 * that is nearest to that point. Everything else is as in the product.
 */
public final class CompiledKernel {
    private static final int LAST_POINT = 65_535;

    private CompiledKernel() {}

    /** The matrix as the kernel's codes stand for it. */
    public static float[] dequantised(float[] values, int rows, int columns) {
        Nf4Tensor nearest = Quantised.doubled(values, rows, columns);
        var scales = (DoubleQuantised) nearest.scales();
        byte[] codes = codes(largestOfBlocks(values), scales);
        var tensor = new Nf4Tensor(
                rows, columns, nearest.packed(), new DoubleQuantised(codes, scales.nested(), scales.offset()));
        MemorySegment out = MemorySegment.ofArray(new float[values.length]);
        new ScalarNf4Dequantiser().dequantise(tensor, Nf4Dequantiser.Target.F32, out);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    static float[] largestOfBlocks(float[] values) {
        float[] absmax = new float[Math.ceilDiv(values.length, Nf4Tensor.BLOCK)];
        for (int i = 0; i < values.length; i++) {
            absmax[i / Nf4Tensor.BLOCK] = Math.max(absmax[i / Nf4Tensor.BLOCK], Math.abs(values[i]));
        }
        return absmax;
    }

    /** The kernel's codes of the scales, given the nested scales and the offset. */
    static byte[] codes(float[] absmax, DoubleQuantised scales) {
        var codes = new byte[absmax.length];
        for (int i = 0; i < codes.length; i++) {
            float reciprocal = 1 / scales.nested()[i / DoubleQuantised.NESTED_BLOCK];
            float scaled = Nf4Quantiser.clamp((absmax[i] - scales.offset()) * reciprocal);
            int point = (int) ((scaled + 1) * 0.5f * LAST_POINT + 0.5f);
            codes[i] = (byte) CodeBook.DYNAMIC.nearest(point * (2f / LAST_POINT) - 1);
        }
        return codes;
    }
}
