package io.kaitoflow.inference.weights;

import java.util.List;

/**
 * One tensor of a weight file, without its values.
 *
 * @param name   as the file spells it
 * @param shape  row-major, outermost dimension first, as PyTorch prints it; empty for a scalar
 * @param offset of its first byte from the beginning of the file
 * @param length in bytes
 */
public record TensorEntry(String name, ElementType type, List<Long> shape, long offset, long length) {

    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** The number of elements: the product of the shape. */
    public long elements() {
        return elementsOf(shape);
    }

    /** @throws ArithmeticException if the product does not fit a long */
    static long elementsOf(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
