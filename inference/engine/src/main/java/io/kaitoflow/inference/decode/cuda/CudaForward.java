package io.kaitoflow.inference.decode.cuda;

import static io.kaitoflow.inference.model.BlockVector.ATTENTION_NORM;
import static io.kaitoflow.inference.model.BlockVector.ATTENTION_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.FEED_FORWARD_NORM;
import static io.kaitoflow.inference.model.BlockVector.FEED_FORWARD_OUTPUT_NORM;

import io.kaitoflow.inference.decode.Adapter;
import io.kaitoflow.inference.decode.Forward;
import io.kaitoflow.inference.decode.StepRow;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaFunction;
import io.kaitoflow.inference.tensor.CudaFunction.Grid;
import io.kaitoflow.inference.tensor.CudaMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Computes steps on a GPU. Sums are built in another order beside other rows, so results may differ in their last bits. */
public final class CudaForward implements Forward {
    private static final int THREADS = 256;

    private static final int GATES_OF_A_THREAD = 4;

    /** Numbers of a row that a thread of its norm has, and threads at most. */
    private static final int NUMBERS_AT_ONCE = 4;

    private static final int MOST_THREADS = 1024;
    private static final int WARP = 32;

    /** Prompt tokens that are computed at nearly full speed, and that replies wait for some hundredths of a second. */
    private static final int CHUNK_BESIDE_REPLIES = 1024;

    private final CudaModel model;
    private final ModelConfiguration shape;
    private final CudaDevice device;
    private final List<CudaMemory> memories = new ArrayList<>();
    private final StepSheet sheet;
    private final CudaAdapters adapters;
    private final CudaKernels kernels;
    private final CudaProducts products;
    private final CudaAttention attention;
    private final CudaFunction embed;
    private final CudaFunction addAndNorm;
    private final CudaFunction gate;
    private final CudaFunction capLogits;
    private final LowRankStep lowRank;
    private final StepGraphs graphs;

    private final long hidden;
    private final long normed;
    private final long qkv;
    private final long attended;
    private final long change;
    private final long gateUp;
    private final long gated;
    private final CudaMemory logits;
    private final MemorySegment logitsHere;
    private final Activations results;

    /**
     * The greatest that is asked for.
     *
     * @param tokens of all sequences together
     * @param rows tokens in a step
     * @param sequences of a step, and tokens of a step whose logits are wanted
     * @param positions length of a sequence
     */
    public record Limits(int tokens, int rows, int sequences, int positions) {}

    /**
     * Takes the memory of the largest step.
     *
     * @param model stays the caller's
     * @throws io.kaitoflow.inference.tensor.TensorException if the GPU has not as much
     */
    public CudaForward(CudaModel model, Limits limits) {
        this.model = model;
        this.shape = model.configuration();
        this.device = model.device();
        int rows = Math.max(limits.rows(), CudaProducts.FEW);
        this.sheet = new StepSheet(device, rows, limits.sequences(), limits.positions());
        this.adapters = new CudaAdapters(device, shape);
        this.kernels = new CudaKernels(device, shape, adapters.modules());
        this.products = new CudaProducts(device, kernels);
        this.attention = new CudaAttention(device, shape, kernels, limits);
        this.embed = kernels.function("embed");
        this.addAndNorm = kernels.function("addAndNorm");
        this.gate = kernels.function("gate");
        this.capLogits = kernels.function("capLogits");
        this.lowRank = new LowRankStep(device, kernels, adapters, shape, rows);
        this.graphs = new StepGraphs(device);
        this.hidden = floats(rows, shape.hiddenSize());
        this.normed = rounded(rows, shape.hiddenSize());
        this.qkv = floats(rows, shape.outputs(Projection.QKV));
        this.attended = rounded(rows, shape.queryWidth());
        this.change = floats(rows, shape.hiddenSize());
        this.gateUp = floats(rows, shape.outputs(Projection.GATE_UP));
        this.gated = rounded(rows, shape.intermediateSize());
        long bytes = (long) limits.sequences() * shape.vocabularySize() * Float.BYTES;
        this.logits = allocate(bytes);
        this.logitsHere = device.allocateHost(bytes);
        this.results = Activations.of(limits.sequences(), shape.vocabularySize());
    }

    private long floats(int rows, int width) {
        return allocate((long) rows * width * Float.BYTES).address();
    }

    private long rounded(int rows, int width) {
        return allocate((long) rows * width * Short.BYTES).address();
    }

    private CudaMemory allocate(long bytes) {
        CudaMemory memory = device.allocate(bytes);
        memories.add(memory);
        return memory;
    }

    @Override
    public void bring(Adapter adapter) {
        device.enter();
        adapters.addressOf(adapter);
        lowRank.makeRoom();
    }

    @Override
    public int chunkBesideReplies() {
        return CHUNK_BESIDE_REPLIES;
    }

    @Override
    public Activations step(List<StepRow> rows) {
        device.enter();
        sheet.write(rows, adapters, kernels.tileRows());
        boolean adapted = rows.stream().map(StepRow::adapter).anyMatch(Objects::nonNull);
        for (StepRow row : rows) {
            row.sequence().append(row.token());
        }
        if (sheet.oneCount() == rows.size()) {
            graphs.run(
                    new StepGraphs.Shape(rows.size(), sheet.wantedRows(), sheet.longest(), adapted, lowRank.width()),
                    () -> compute(rows.size(), adapted));
        } else {
            compute(rows.size(), adapted);
        }
        return results();
    }

    /** Asks for all kernels of a step whose sheet is written. */
    private void compute(int rows, boolean adapted) {
        Grid eachRow = eachRow(rows);
        embed.launch(new Grid(rows, 1, 1, THREADS), sheet.tokens(), model.embedding(), hidden);
        long firstNorm = model.blocks().getFirst().vector(ATTENTION_NORM);
        addAndNorm.launch(eachRow, 0, hidden, 0, 0, firstNorm, normed);
        for (int layer = 0; layer < shape.layers(); layer++) {
            block(rows, layer, adapted);
        }
        if (sheet.wantedRows() > 0) {
            head(sheet.wantedRows());
        }
    }

    /** From the norm before attention to the norm before the next block's, or before the head. */
    private void block(int rows, int layer, boolean adapted) {
        CudaModel.Block block = model.blocks().get(layer);
        Grid eachRow = eachRow(rows);
        multiply(Projection.QKV, rows, layer, adapted, normed, qkv);
        attention.attend(sheet, rows, layer, block, qkv, attended);
        multiply(Projection.ATTENTION_OUTPUT, rows, layer, adapted, attended, change);
        long feedForwardNorm = block.vector(FEED_FORWARD_NORM);
        addAndNorm.launch(eachRow, 0, hidden, change, block.vector(ATTENTION_OUTPUT_NORM), feedForwardNorm, normed);
        multiply(Projection.GATE_UP, rows, layer, adapted, normed, gateUp);
        long gates = (long) rows * shape.intermediateSize();
        gate.launch(Grid.covering(gates / GATES_OF_A_THREAD, THREADS), gateUp, gated, gates);
        multiply(Projection.DOWN, rows, layer, adapted, gated, change);
        long outputNorm = block.vector(FEED_FORWARD_OUTPUT_NORM);
        if (layer + 1 < shape.layers()) {
            long next = model.blocks().get(layer + 1).vector(ATTENTION_NORM);
            addAndNorm.launch(eachRow, 0, hidden, change, outputNorm, next, normed);
        } else if (sheet.wantedRows() > 0) {
            addAndNorm.launch(
                    eachRow(sheet.wantedRows()), sheet.wanted(), hidden, change, outputNorm, model.finalNorm(), normed);
        }
    }

    /** Norms: a block for each row, and as many threads as read it in as few turns as can be. */
    private Grid eachRow(int rows) {
        int numbers = shape.hiddenSize() / NUMBERS_AT_ONCE;
        int turns = Math.ceilDiv(numbers, MOST_THREADS);
        return new Grid(rows, 1, 1, Math.ceilDiv(Math.ceilDiv(numbers, turns), WARP) * WARP);
    }

    private void multiply(Projection which, int rows, int layer, boolean adapted, long x, long y) {
        long matrix = model.blocks().get(layer).matrix(which);
        products.multiply(matrix, x, y, rows, shape.outputs(which), shape.inputs(which));
        if (adapted) {
            lowRank.add(sheet, rows, layer, which, x, y);
        }
    }

    private void head(int wanted) {
        products.multiply(model.head(), normed, logits.address(), wanted, shape.vocabularySize(), shape.hiddenSize());
        long count = (long) wanted * shape.vocabularySize();
        if (shape.traits().logitCap().isPresent()) {
            capLogits.launch(Grid.covering(count, THREADS), logits.address(), count);
        }
        logits.read(0, logitsHere.asSlice(0, count * Float.BYTES));
    }

    private Activations results() {
        device.await();
        int width = shape.vocabularySize();
        IntStream.range(0, sheet.wantedRows())
                .parallel()
                .forEach(row -> MemorySegment.copy(
                        logitsHere,
                        ValueLayout.JAVA_FLOAT,
                        (long) row * width * Float.BYTES,
                        results.values(),
                        results.at(row),
                        width));
        return results;
    }

    @Override
    public boolean works() {
        return device.works();
    }

    @Override
    public void close() {
        device.enter();
        graphs.close();
        memories.forEach(CudaMemory::close);
        lowRank.close();
        attention.close();
        products.close();
        kernels.close();
        adapters.close();
        sheet.close();
    }
}
