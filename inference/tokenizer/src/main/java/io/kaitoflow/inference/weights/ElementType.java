package io.kaitoflow.inference.weights;

import java.util.Arrays;
import java.util.Optional;

/**
 * How the elements of a tensor lie in a file, little-endian. Quantised types group elements in blocks that share a
 * scale; a dense type is a block of one element.
 */
public enum ElementType {
    F64(1, 8, 28),
    F32(1, 4, 0),
    F16(1, 2, 1),
    BF16(1, 2, 30),
    I64(1, 8, 27),
    I32(1, 4, 26),
    I16(1, 2, 25),
    I8(1, 1, 24),
    U8(1, 1, ElementType.NOT_IN_GGUF),
    BOOL(1, 1, ElementType.NOT_IN_GGUF),
    /** Blocks of a half-precision scale d and 32 four-bit codes: d * (code - 8). */
    Q4_0(32, 18, 2),
    /** Blocks of a half-precision scale d and minimum m and 32 four-bit codes: d * code + m. */
    Q4_1(32, 20, 3),
    /** Blocks of a half-precision scale d and 32 signed bytes: d * code. */
    Q8_0(32, 34, 8);

    private static final int NOT_IN_GGUF = -1;

    private final int blockElements;
    private final int blockBytes;
    private final int ggufCode;

    ElementType(int blockElements, int blockBytes, int ggufCode) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.ggufCode = ggufCode;
    }

    /**
     * The number by which a GGUF tensor header names this type.
     *
     * @throws WeightFileException.Unsupported if it has none
     */
    int requireGgufCode() {
        if (ggufCode == NOT_IN_GGUF) {
            throw new WeightFileException.Unsupported("A GGUF file holds no " + this + " tensors. Write F32 or F16.");
        }
        return ggufCode;
    }

    /** The type that a GGUF tensor header names by this number. */
    static Optional<ElementType> ofGgufCode(int code) {
        return Arrays.stream(values())
                .filter(type -> type.ggufCode == code && code != NOT_IN_GGUF)
                .findFirst();
    }

    /** The type that a safetensors header names so; safetensors has no block types. */
    static Optional<ElementType> ofSafetensorsName(String name) {
        return Arrays.stream(values())
                .filter(type -> !type.isQuantised() && type.name().equals(name))
                .findFirst();
    }

    /** Elements that share one block; 1 for dense types. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether elements share scales, so that a tensor's last dimension must be whole blocks. */
    public boolean isQuantised() {
        return blockElements > 1;
    }

    /**
     * Bytes that this many elements take.
     *
     * @throws ArithmeticException if the elements are not whole blocks or the size does not fit a long
     */
    public long bytesFor(long elements) {
        if (elements % blockElements != 0) {
            throw new ArithmeticException(elements + " elements are not whole blocks of " + blockElements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
