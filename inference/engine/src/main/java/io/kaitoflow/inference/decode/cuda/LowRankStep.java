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

    /** Rows of prompts from which on those of one adapter share what they read of it: fewer would leave a GPU idle. */
    private static final int MANY = 64;

    /** Of a block where rows share: its rows, the ranks that it makes narrow, the outputs that a thread makes wide. */
    private static final int ROWS = 16;

    private static final int RANKS = 8;
    private static final int OUTPUTS = 4;

    private final CudaDevice device;
    private final CudaAdapters adapters;
    private final ModelConfiguration model;
    private final int rows;
    private final CudaFunction narrow;
    private final CudaFunction widen;
    private final CudaFunction narrowTogether;
    private final CudaFunction widenTogether;
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
        this.narrowTogether = kernels.function("narrowTogether");
        this.widenTogether = kernels.function("widenTogether");
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
        int replies = sheet.leadingOnes();
        int alone = count - replies < MANY ? count : replies;
        int matrix = CudaAdapters.table(layer, projection);
        int inputs = model.inputs(projection);
        int outputs = model.outputs(projection);
        if (alone > 0) {
            addToEach(new Some(sheet.adapters(), alone, middle.address(), x, y), matrix, inputs, outputs);
        }
        if (alone < count) {
            Some prompts = new Some(
                    sheet.adapters() + (long) alone * Long.BYTES,
                    count - alone,
                    middle.address() + (long) alone * adapters.modules() * width * Float.BYTES,
                    x + (long) alone * inputs * Short.BYTES,
                    y + (long) alone * outputs * Float.BYTES);
            addTogether(prompts, matrix, inputs, outputs);
        }
    }

    /** Addresses of what belongs to some rows of a step. */
    private record Some(long adapters, int count, long middle, long x, long y) {}

    private void addToEach(Some rows, int matrix, int inputs, int outputs) {
        narrow.launch(
                new Grid(rows.count(), adapters.modules(), width, THREADS),
                rows.adapters(),
                matrix,
                rows.x(),
                inputs,
                rows.middle(),
                width);
        widen.launch(
                new Grid(rows.count(), adapters.modules(), Math.ceilDiv(outputs, THREADS), THREADS),
                rows.adapters(),
                matrix,
                rows.middle(),
                width,
                rows.y(),
                outputs);
    }

    private void addTogether(Some rows, int matrix, int inputs, int outputs) {
        int groups = Math.ceilDiv(rows.count(), ROWS);
        narrowTogether.launch(
                new Grid(groups, adapters.modules(), Math.ceilDiv(width, RANKS), THREADS),
                rows.adapters(),
                matrix,
                rows.x(),
                inputs,
                rows.count(),
                rows.middle(),
                width);
        widenTogether.launch(
                new Grid(groups, adapters.modules(), Math.ceilDiv(outputs, OUTPUTS * THREADS), THREADS),
                rows.adapters(),
                matrix,
                rows.middle(),
                width,
                rows.y(),
                outputs,
                rows.count());
    }

    private void widen(int rank) {
        CudaMemory wider = device.allocate((long) rows * adapters.modules() * rank * Float.BYTES);
        middle.close();
        middle = wider;
        width = rank;
    }

    @Override
    public void close() {
        middle.close();
    }
}
