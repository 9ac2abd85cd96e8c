package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaFunction;
import io.kaitoflow.inference.tensor.CudaFunction.Grid;
import io.kaitoflow.inference.tensor.CudaMemory;

/** Adds what the rows' adapters change of a product, each row its own. */
final class LowRankStep implements AutoCloseable {
    private static final int THREADS = 256;

    private final CudaDevice device;
    private final CudaAdapters adapters;
    private final ModelConfiguration model;
    private final int rows;
    private final CudaFunction narrow;
    private final CudaFunction widen;
    private CudaMemory middle;
    private int width;

    /** @param rows of a step, at most */
    LowRankStep(CudaDevice device, CudaKernels kernels, CudaAdapters adapters, ModelConfiguration model, int rows) {
        this.device = device;
        this.adapters = adapters;
        this.model = model;
        this.rows = rows;
        this.narrow = kernels.function("narrow");
        this.widen = kernels.function("widen");
        this.middle = device.allocate(0);
    }

    /** Takes memory for the rank of every adapter that came; not while a step is recorded. */
    void makeRoom() {
        if (adapters.widest() > width) {
            widen(adapters.widest());
        }
    }

    /** The greatest rank that there is memory for. */
    int width() {
        return width;
    }

    /**
     * @param x bfloat16 (count, inputs)
     * @param y float32 (count, outputs)
     */
    void add(StepSheet sheet, int count, int layer, Projection projection, long x, long y) {
        int matrix = CudaAdapters.table(layer, projection);
        int outputs = model.outputs(projection);
        narrow.launch(
                new Grid(count, adapters.modules(), width, THREADS),
                sheet.adapters(),
                matrix,
                x,
                model.inputs(projection),
                middle.address(),
                width);
        widen.launch(
                new Grid(count, adapters.modules(), Math.ceilDiv(outputs, THREADS), THREADS),
                sheet.adapters(),
                matrix,
                middle.address(),
                width,
                y,
                outputs);
    }

    private void widen(int rank) {
        middle.close();
        middle = device.allocate((long) rows * adapters.modules() * rank * Float.BYTES);
        width = rank;
    }

    @Override
    public void close() {
        middle.close();
    }
}
