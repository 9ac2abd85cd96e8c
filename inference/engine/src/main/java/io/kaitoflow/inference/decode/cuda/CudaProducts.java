package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.tensor.CudaBlas;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaFunction;
import io.kaitoflow.inference.tensor.CudaFunction.Grid;
import java.util.List;

/** Products of matrices with the rows of a step: for few rows by kernels that read each matrix once, for more by cuBLAS. */
final class CudaProducts implements AutoCloseable {
    /** Rows that a kernel may read; so many must be there. */
    static final int FEW = 4;

    private static final int WARP = 32;
    private static final int THREADS = 128;

    private final CudaBlas blas;
    private final List<ForFew> kernels;

    /**
     * A kernel for few rows.
     *
     * @param rows at most
     * @param outputs of each warp
     */
    private record ForFew(CudaFunction function, int rows, int outputs) {}

    CudaProducts(CudaDevice device, CudaKernels kernels) {
        this.blas = device.blas();
        this.kernels = List.of(
                new ForFew(kernels.function("product1"), 1, 1),
                new ForFew(kernels.function("product2"), 2, 2),
                new ForFew(kernels.function("product4"), FEW, 2));
    }

    /**
     * y = x W'.
     *
     * @param matrix bfloat16 (outputs, inputs)
     * @param x bfloat16 (rows, inputs)
     * @param y float32 (rows, outputs)
     */
    void multiply(long matrix, long x, long y, int rows, int outputs, int inputs) {
        for (ForFew kernel : kernels) {
            if (rows <= kernel.rows()) {
                long warps = Math.ceilDiv(outputs, kernel.outputs());
                kernel.function().launch(Grid.covering(warps * WARP, THREADS), matrix, x, y, outputs, inputs, rows);
                return;
            }
        }
        blas.multiply(matrix, x, y, rows, outputs, inputs);
    }

    @Override
    public void close() {
        blas.close();
    }
}
