package io.kaitoflow.inference.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/**
 * Makes and converts tensors in both compute types.
 *
 * <p>DJL's own calls abort the process when asked for bfloat16 ({@code create}, {@code toType}, {@code zerosLike},
 * {@code softmax}); it shows such a tensor as {@link DataType#UNKNOWN}. Everything here goes through TorchScript instead.
 * Use only this class and {@link TorchScriptModule} on tensors that may be bfloat16.
 */
public final class Tensors {
    private static final TorchScriptModule PROGRAM = new TorchScriptModule("""
            def empty_float32(self, shape: Tensor) -> Tensor:
              return torch.empty_like(shape, dtype=6, memory_format=0)
            def empty_bfloat16(self, shape: Tensor) -> Tensor:
              return torch.empty_like(shape, dtype=15, memory_format=0)
            def empty_float16(self, shape: Tensor) -> Tensor:
              return torch.empty_like(shape, dtype=5, memory_format=0)
            def to_float32(self, x: Tensor) -> Tensor:
              return torch.to(x, 6, False, True)
            def to_bfloat16(self, x: Tensor) -> Tensor:
              return torch.to(x, 15, False, True)
            def to_float16(self, x: Tensor) -> Tensor:
              return torch.to(x, 5, False, True)
            def zero(self, x: Tensor) -> Tensor:
              return torch.zero_(x)
            def rows(self, x: Tensor, range: Tensor) -> Tensor:
              return x.narrow(0, int(range[0]), int(range[1]))
            def copy(self, source: Tensor, target: Tensor) -> Tensor:
              return torch.copy_(target, source)
            """);

    private static final int LARGEST_ELEMENT = Double.BYTES;

    private Tensors() {}

    /** A tensor of unspecified content. */
    public static NDArray allocate(NDManager owner, ComputeType type, Shape shape) {
        try (NDManager scope = owner.newSubManager()) {
            // A broadcast scalar carries the shape and no memory.
            NDArray outline = scope.zeros(new Shape()).broadcast(shape);
            return PROGRAM.call(
                    owner,
                    switch (type) {
                        case FLOAT32 -> "empty_float32";
                        case BFLOAT16 -> "empty_bfloat16";
                        case FLOAT16 -> "empty_float16";
                    },
                    outline);
        }
    }

    /** A tensor of zeros. */
    public static NDArray zeros(NDManager owner, ComputeType type, Shape shape) {
        NDArray result = allocate(owner, type, shape);
        clear(result);
        return result;
    }

    /** Makes all elements zero. */
    public static void clear(NDArray x) {
        PROGRAM.call(x.getManager(), "zero", x).close();
    }

    /** Some rows of a tensor, as a view. */
    public static NDArray rows(NDManager owner, NDArray x, long first, long count) {
        try (NDManager host = TorchEngine.newOwner(ComputeDevice.CPU)) {
            return PROGRAM.call(owner, "rows", x, host.create(new long[] {first, count}));
        }
    }

    /** Copies all elements into a tensor of the same shape, from and to any device and type. */
    public static void copy(NDArray source, NDArray target) {
        PROGRAM.call(target.getManager(), "copy", source, target).close();
    }

    /**
     * A tensor whose content Java writes; on a GPU it is written beside it and copied.
     *
     * @param writer gets the memory of the contiguous elements in native byte order
     */
    public static NDArray written(NDManager owner, ComputeType type, Shape shape, Consumer<MemorySegment> writer) {
        NDArray tensor = allocate(owner, type, shape);
        if (!owner.getDevice().isGpu()) {
            writer.accept(memory(tensor));
            return tensor;
        }
        try (NDManager host = TorchEngine.newOwner(ComputeDevice.CPU)) {
            NDArray staged = allocate(host, type, shape);
            writer.accept(memory(staged));
            copy(staged, tensor);
        }
        return tensor;
    }

    /** A copy of {@code x} in {@code type}, rounded to nearest even. */
    public static NDArray convert(NDManager owner, NDArray x, ComputeType type) {
        return PROGRAM.call(
                owner,
                switch (type) {
                    case FLOAT32 -> "to_float32";
                    case BFLOAT16 -> "to_bfloat16";
                    case FLOAT16 -> "to_float16";
                },
                x);
    }

    /**
     * The memory of a contiguous tensor on the processor, writable and in native byte order; valid as long as the tensor is
     * open.
     */
    public static MemorySegment memory(NDArray contiguous) {
        return contiguous.getShape().size() <= Integer.MAX_VALUE / LARGEST_ELEMENT
                ? buffer(contiguous)
                : memoryOfMany(contiguous);
    }

    /** No buffer is larger than 2 GiB, but that of the first row begins where the tensor does. */
    private static MemorySegment memoryOfMany(NDArray contiguous) {
        try (NDArray first = rows(contiguous.getManager(), contiguous, 0, 1)) {
            MemorySegment row = buffer(first);
            long rows = contiguous.getShape().get(0);
            return MemorySegment.ofAddress(row.address()).reinterpret(Math.multiplyExact(row.byteSize(), rows));
        }
    }

    private static MemorySegment buffer(NDArray contiguous) {
        return MemorySegment.ofBuffer(contiguous.toByteBuffer(true).order(ByteOrder.nativeOrder()));
    }

    /**
     * Writes float32 values into a contiguous tensor's {@link #memory}, rounded to nearest even where it has 16 bits.
     *
     * @param firstElement where the first value goes
     */
    public static void write(MemorySegment memory, ComputeType type, long firstElement, float[] values, int length) {
        switch (type) {
            case FLOAT32 ->
                MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, firstElement * Float.BYTES, length);
            case BFLOAT16 -> writeRounded(memory, Tensors::bfloat16, firstElement, values, length);
            case FLOAT16 -> writeRounded(memory, Float::floatToFloat16, firstElement, values, length);
        }
    }

    private interface Rounding {
        short of(float value);
    }

    private static void writeRounded(
            MemorySegment memory, Rounding rounding, long firstElement, float[] values, int length) {
        var rounded = new short[length];
        for (int i = 0; i < length; i++) {
            rounded[i] = rounding.of(values[i]);
        }
        MemorySegment.copy(rounded, 0, memory, ValueLayout.JAVA_SHORT, firstElement * Short.BYTES, length);
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int lowestKept = (bits >>> 16) & 1;
        // Adding just under half of the last place kept, and one more where that place is odd, rounds ties to even.
        return (short) (Float.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + lowestKept) >>> 16);
    }

    /** The elements of a tensor of any floating type, row-major. */
    public static float[] floats(NDArray x) {
        if (x.getDataType() == DataType.FLOAT32) {
            return x.toFloatArray();
        }
        try (NDArray converted = convert(x.getManager(), x, ComputeType.FLOAT32)) {
            return converted.toFloatArray();
        }
    }

    /**
     * A float32 tensor of the given row-major values. It lies in memory of the Java side: keep it open as long as any view of
     * it, which alone does not hold that memory.
     */
    public static NDArray of(NDManager owner, float[] values, Shape shape) {
        return owner.create(FloatBuffer.wrap(values), shape, DataType.FLOAT32);
    }
}
