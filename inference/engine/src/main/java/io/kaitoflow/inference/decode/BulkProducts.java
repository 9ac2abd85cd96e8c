package io.kaitoflow.inference.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Bfloat16;
import io.kaitoflow.inference.decode.kernel.Products;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.GradMode;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Products with many rows at once, by PyTorch in bfloat16. Each matrix is unpacked into a buffer that the next one of its
 * shape overwrites, so the weights are never in memory a second time. Used by one thread at a time.
 */
final class BulkProducts implements AutoCloseable {
    /** With fewer rows unpacking costs more than the faster product gains. */
    static final int WORTHWHILE = 48;

    private final NDManager owner = TorchEngine.newOwner();
    private final TorchScriptModule program = new TorchScriptModule("""
            def product(self, x: Tensor, w: Tensor) -> Tensor:
              return torch.linear(x, w).to(6)
            """);
    private final Map<Shape, NDArray> buffers = new HashMap<>();

    /** Writes the products with the first {@code count} rows of x. */
    void multiply(Crew crew, StoredLinear matrices, Activations x, int count, Activations y) {
        try (var mode = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            NDArray weights = buffers.computeIfAbsent(
                    new Shape(y.width(), x.width()), shape -> Tensors.allocate(owner, ComputeType.BFLOAT16, shape));
            unpack(crew, matrices, Tensors.memory(weights), x.width());
            NDArray inputs = Tensors.allocate(scope, ComputeType.BFLOAT16, new Shape(count, x.width()));
            MemorySegment memory = Tensors.memory(inputs);
            crew.run(count, (row, _) -> Bfloat16.store(x.values(), x.at(row), x.width(), memory, 2L * x.at(row)));
            NDArray product = program.call(scope, "product", inputs, weights);
            MemorySegment.copy(Tensors.memory(product), ValueLayout.JAVA_FLOAT, 0, y.values(), 0, count * y.width());
        }
    }

    private static void unpack(Crew crew, StoredLinear matrices, MemorySegment buffer, int columns) {
        crew.run(matrices.pieces().size(), (number, scratch) -> {
            StoredLinear.Piece piece = matrices.pieces().get(number);
            for (int row = piece.range().first(); row < piece.range().last(); row++) {
                float[] values = Products.unpacked(piece.matrix(), row, scratch);
                long place = piece.matrix().place().applyAsInt(row);
                Bfloat16.store(values, 0, columns, buffer, 2 * place * columns);
            }
        });
    }

    @Override
    public void close() {
        program.close();
        owner.close();
    }
}
