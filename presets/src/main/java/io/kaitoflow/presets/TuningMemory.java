package io.kaitoflow.presets;

import java.util.List;

/**
 * The peak of training adapters on a frozen model, which keeps what is dear to compute again and none of the weights that it
 * dequantises.
 *
 * @param preset the base model
 * @param fourBit whether the linear layers are held in NF4 with double quantisation
 * @param rank of the adapters
 * @param targetModules layers with an adapter; empty means the preset's
 * @param batch rows a micro-batch
 * @param length tokens a row
 * @param precision of the frozen weights and the activations
 */
public record TuningMemory(
        Preset preset,
        boolean fourBit,
        int rank,
        List<String> targetModules,
        int batch,
        int length,
        Precision precision) {

    /** What rows are assumed to measure when neither a limit nor the data is known. */
    public static final int ASSUMED_LENGTH = 2048;

    /** 4 bits, 8 bits of scale a block of 64, and 32 bits a 256 such blocks. */
    static final double NF4_BITS = 4 + 8.0 / 64 + 32.0 / (64 * 256);

    /** Logits that exist at the same time; the loss runs over the scored positions in chunks of so many. */
    private static final long LOGITS = 128L * 49_152;

    /** Queries that attend at the same time; on a GPU twice as many. */
    private static final int QUERIES = 128;

    /** What the C library keeps of freed activations until the step ends, beside what is in use; measured. */
    private static final double FREED_AND_KEPT = 0.4;

    /** Of a process on its processors: Java, PyTorch and their buffers; measured. */
    private static final ByteSize PROCESS = ByteSize.ofMebibytes(165);

    private static final int FLOAT32 = 4;

    /** Weight, gradient, and AdamW's two moments. */
    private static final int FLOATS_PER_TRAINED_WEIGHT = 4;

    public TuningMemory {
        targetModules = List.copyOf(targetModules.isEmpty() ? preset.targetModules() : targetModules);
    }

    /** The memory of a GPU, line by line: within 3 % of what four runs took on one. */
    public MemoryEstimate estimate() {
        MemoryEstimate.Builder lines = held(2 * QUERIES);
        ServingMemory.addRuntime(lines, "as an H200 took in four runs");
        return lines.build();
    }

    /** The anonymous memory of a tuner on the machine's processors, line by line. */
    public MemoryEstimate onProcessors() {
        MemoryEstimate.Builder lines = held(QUERIES);
        lines.add(
                "best adapter, where rows are held out", (double) trained() * FLOAT32, "%,d weights × 4 B", trained());
        lines.add(
                "freed activations that the system has not got back yet",
                FREED_AND_KEPT * (kept() + working()),
                "%.1f × what is kept and worked with",
                FREED_AND_KEPT);
        lines.add("the process itself", PROCESS.bytes(), "a flat %s", PROCESS);
        return lines.build();
    }

    private MemoryEstimate.Builder held(int queries) {
        MemoryEstimate.Builder lines = new MemoryEstimate.Builder();
        addWeights(lines);
        addAdapter(lines);
        addActivations(lines, queries);
        return lines;
    }

    private void addWeights(MemoryEstimate.Builder lines) {
        ModelShape shape = preset.shape();
        double bits = fourBit ? NF4_BITS : 8.0 * precision.size().bytes();
        lines.add(
                fourBit ? "linear weights in NF4" : "linear weights in " + precision,
                shape.linearWeights() * bits / 8,
                "%,d weights × %.3f bits",
                shape.linearWeights(),
                bits);
        lines.add(
                shape.tiedEmbeddings() ? "embedding, also the head" : "embedding and head",
                (double) shape.embeddingWeights() * precision.size().bytes(),
                "%,d weights × %s",
                shape.embeddingWeights(),
                precision.size());
        if (fourBit) {
            long block = shape.linearWeights() / shape.layers();
            lines.add(
                    "one block's weights, dequantised while it works",
                    (double) block * precision.size().bytes(),
                    "%,d weights × %s",
                    block,
                    precision.size());
        }
    }

    private void addAdapter(MemoryEstimate.Builder lines) {
        lines.add(
                "adapter, gradient and AdamW's moments",
                (double) trained() * FLOATS_PER_TRAINED_WEIGHT * FLOAT32,
                "%,d weights of rank %d × 4 numbers × 4 B",
                trained(),
                rank);
    }

    private long trained() {
        return preset.shape().adapterWeights(rank, targetModules);
    }

    private void addActivations(MemoryEstimate.Builder lines, int queries) {
        ModelShape shape = preset.shape();
        lines.add(
                "activations, kept for the way back",
                kept(),
                "%d blocks × batch %d × %,d tokens × (two vectors of %d × 4 B, heads and feed-forward in %s)",
                shape.layers(),
                batch,
                length,
                shape.hidden(),
                precision.size());
        lines.add("inside of the block that is worked on", working(), "%,d tokens of one block", tokens());
        lines.add(
                "attention of some queries",
                4.0
                        * batch
                        * shape.heads()
                        * Math.min(queries, length)
                        * length
                        * precision.size().bytes(),
                "batch %d × %d heads × %d queries × %,d keys × 4 × %s",
                batch,
                shape.heads(),
                Math.min(queries, length),
                length,
                precision.size());
        lines.add("logits of one chunk", 3.0 * LOGITS * FLOAT32, "%,d logits × 3 × 4 B", LOGITS);
    }

    private long tokens() {
        return (long) batch * length;
    }

    /** Each block's output and its middle in float32; queries, keys, values, what attention found, gate and up. */
    private double kept() {
        ModelShape shape = preset.shape();
        long inType = 2L * (shape.heads() + shape.keyValueHeads()) * shape.headSize() + 2L * shape.intermediate();
        double ofToken = 2.0 * FLOAT32 * shape.hidden()
                + inType * (double) precision.size().bytes();
        return ofToken * shape.layers() * tokens();
    }

    private double working() {
        ModelShape shape = preset.shape();
        return tokens() * (6.0 * shape.intermediate() * precision.size().bytes() + 8.0 * FLOAT32 * shape.hidden());
    }
}
