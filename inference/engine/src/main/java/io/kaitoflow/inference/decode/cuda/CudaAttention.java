package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.decode.RotationTable;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaFunction;
import io.kaitoflow.inference.tensor.CudaFunction.Grid;
import io.kaitoflow.inference.tensor.CudaMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The keys and values of all sequences on a GPU, and what queries make of them. */
final class CudaAttention implements AutoCloseable {
    private static final int WARP = 32;
    private static final int THREADS = 128;

    /** Tokens of a stretch at least: one for each thread. */
    private static final int SHORTEST_STRETCH = THREADS;

    private static final int MOST_STRETCHES = 32;

    /** Enough to keep a large GPU's multiprocessors busy with all that they hold, twice, since some have no token to look at. */
    private static final int BLOCKS_WANTED = 2112;

    /** No window: more than any sequence has. */
    private static final int EVERYTHING = 1 << 30;

    private final CudaDevice device;
    private final ModelConfiguration model;
    private final List<CudaMemory> memories = new ArrayList<>();
    private final Map<RotaryEmbedding, Turning> turnings = new HashMap<>();
    private final int tileHeads;
    private final CudaFunction remember;
    private final CudaFunction attendOne;
    private final CudaFunction attendTile;
    private final CudaFunction merge;
    private final long layerBytes;
    private final long keys;
    private final long values;
    private final long queries;
    private final long parts;

    /** Addresses of tables, float32 (positions, half). */
    private record Turning(int half, long cosines, long sines, long longCosines, long longSines) {}

    /** Takes the memory of the greatest step that is allowed. */
    CudaAttention(CudaDevice device, ModelConfiguration model, CudaKernels kernels, CudaForward.Limits limits) {
        this.device = device;
        this.model = model;
        this.tileHeads = kernels.tileHeads();
        this.remember = kernels.function("remember");
        this.attendOne = kernels.function("attendOne");
        this.attendTile = kernels.function("attendTile");
        this.merge = kernels.function("merge");
        long pages = Math.ceilDiv(limits.tokens(), PageMemory.TOKENS);
        this.layerBytes = pages * PageMemory.TOKENS * model.keyValueWidth() * Short.BYTES;
        this.keys = allocate(layerBytes * model.layers());
        this.values = allocate(layerBytes * model.layers());
        this.queries = allocate((long) limits.rows() * model.queryWidth() * Float.BYTES);
        this.parts = allocate(
                (long) limits.sequences() * model.heads() * MOST_STRETCHES * (model.headSize() + 2) * Float.BYTES);
        for (DecoderTraits.Layer layer : model.traits().layers()) {
            turnings.computeIfAbsent(layer.rotary(), rotary -> turning(rotary, limits.positions()));
        }
    }

    private Turning turning(RotaryEmbedding rotary, int positions) {
        RotationTable ofShort = RotationTable.ofShort(rotary, positions);
        long cosines = vector(ofShort.cosines());
        long sines = vector(ofShort.sines());
        return RotationTable.ofLong(rotary, positions)
                .map(ofLong ->
                        new Turning(ofShort.half(), cosines, sines, vector(ofLong.cosines()), vector(ofLong.sines())))
                .orElseGet(() -> new Turning(ofShort.half(), cosines, sines, cosines, sines));
    }

    private long vector(float[] numbers) {
        CudaMemory memory = CudaMemory.of(device, numbers);
        memories.add(memory);
        return memory.address();
    }

    private long allocate(long bytes) {
        CudaMemory memory = device.allocate(bytes);
        memories.add(memory);
        return memory.address();
    }

    /**
     * Puts the rows' keys and values away, and answers their queries.
     *
     * @param qkv float32 (rows, outputs of QKV)
     * @param out bfloat16 (rows, query width)
     */
    void attend(StepSheet sheet, int rows, int layer, CudaModel.Block block, long qkv, long out) {
        remember(sheet, rows, layer, block, qkv);
        long window = model.traits().layers().get(layer).window().orElse(EVERYTHING);
        if (sheet.tileCount() > 0) {
            Grid grid = new Grid(sheet.tileCount(), tileHeads, 1, THREADS);
            new Look(attendTile, grid, sheet.tiles(), EVERYTHING, 0).launch(sheet, layer, window, out);
        }
        if (sheet.oneCount() > 0) {
            attendAlone(sheet, layer, window, out);
        }
    }

    private void attendAlone(StepSheet sheet, int layer, long window, long out) {
        int blocks = sheet.oneCount() * model.keyValueHeads();
        int worthwhile = Math.min(MOST_STRETCHES, Math.ceilDiv(sheet.longest(), SHORTEST_STRETCH));
        int stretches = Math.clamp(Math.ceilDiv(BLOCKS_WANTED, blocks), 1, worthwhile);
        int stretch = Math.ceilDiv(Math.ceilDiv(sheet.longest(), stretches), THREADS) * THREADS;
        Grid grid = new Grid(sheet.oneCount(), model.keyValueHeads(), stretches, THREADS);
        long places = stretches > 1 ? parts : 0;
        new Look(attendOne, grid, sheet.ones(), stretch, places).launch(sheet, layer, window, out);
        if (stretches > 1) {
            Grid heads = new Grid(sheet.oneCount(), model.heads(), 1, THREADS);
            merge.launch(heads, sheet.ones(), parts, stretches, out);
        }
    }

    /**
     * How rows look at keys.
     *
     * @param groups address of the rows that look together
     * @param stretch tokens of a block
     * @param places address for what is made of each stretch; 0 where one is all
     */
    private final class Look {
        private final CudaFunction kernel;
        private final Grid grid;
        private final long groups;
        private final long stretch;
        private final long places;

        Look(CudaFunction kernel, Grid grid, long groups, long stretch, long places) {
            this.kernel = kernel;
            this.grid = grid;
            this.groups = groups;
            this.stretch = stretch;
            this.places = places;
        }

        void launch(StepSheet sheet, int layer, long window, long out) {
            kernel.launch(
                    grid,
                    groups,
                    sheet.positions(),
                    sheet.sequences(),
                    sheet.tables(),
                    sheet.tableWidth(),
                    queries,
                    keys + layer * layerBytes,
                    values + layer * layerBytes,
                    window,
                    stretch,
                    places,
                    out);
        }
    }

    private void remember(StepSheet sheet, int rows, int layer, CudaModel.Block block, long qkv) {
        RotaryEmbedding rotary = model.traits().layers().get(layer).rotary();
        Turning turning = Objects.requireNonNull(turnings.get(rotary), "every layer's rotation has tables");
        int threads = Math.ceilDiv(model.headSize(), WARP) * WARP;
        remember.launch(
                new Grid(rows, model.heads() + 2 * model.keyValueHeads(), 1, threads),
                sheet.positions(),
                sheet.sequences(),
                sheet.tables(),
                sheet.tableWidth(),
                qkv,
                block.vector(BlockVector.QKV_BIAS),
                block.vector(BlockVector.HEAD_NORM),
                turning.cosines(),
                turning.sines(),
                turning.longCosines(),
                turning.longSines(),
                sheet.longs(),
                turning.half(),
                queries,
                keys + layer * layerBytes,
                values + layer * layerBytes);
    }

    @Override
    public void close() {
        memories.forEach(CudaMemory::close);
    }
}
