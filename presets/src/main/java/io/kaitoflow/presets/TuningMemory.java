package io.kaitoflow.presets;

import java.util.List;

/**
 * The peak of training adapters on a frozen model.
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

    /** Positions whose logits exist at the same time; the loss runs over the sequence in chunks of this length. */
    private static final int LOGITS_CHUNK = 256;

    private static final int FLOAT32 = 4;

    /** Weight, gradient, and AdamW's two moments. */
    private static final int FLOATS_PER_TRAINED_WEIGHT = 4;

    public TuningMemory {
        targetModules = List.copyOf(targetModules.isEmpty() ? preset.targetModules() : targetModules);
    }

    /** The estimate, line by line. */
    public MemoryEstimate estimate() {
        MemoryEstimate.Builder lines = new MemoryEstimate.Builder();
        addWeights(lines);
        addAdapter(lines);
        addActivations(lines);
        ServingMemory.addRuntime(lines);
        return lines.build();
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
        long trained = preset.shape().adapterWeights(rank, targetModules);
        lines.add(
                "adapter, gradient and AdamW's moments",
                (double) trained * FLOATS_PER_TRAINED_WEIGHT * FLOAT32,
                "%,d weights of rank %d × 4 numbers × 4 B",
                trained,
                rank);
    }

    private void addActivations(MemoryEstimate.Builder lines) {
        ModelShape shape = preset.shape();
        long tokens = (long) batch * length;
        lines.add(
                "inputs of the blocks, kept for the way back",
                (double) shape.layers()
                        * tokens
                        * shape.hidden()
                        * precision.size().bytes(),
                "%d blocks × batch %d × %,d tokens × %d wide × %s",
                shape.layers(),
                batch,
                length,
                shape.hidden(),
                precision.size());
        addRecomputedBlock(lines, tokens);
        addHead(lines, tokens);
    }

    private void addRecomputedBlock(MemoryEstimate.Builder lines, long tokens) {
        ModelShape shape = preset.shape();
        // Inside a block the way back holds about: six vectors of the residual's width, three of the feed-forward's, q,
        // k, v.
        long widths = 6L * shape.hidden()
                + 3L * shape.intermediate()
                + (shape.heads() + 2L * shape.keyValueHeads()) * shape.headSize();
        lines.add(
                "inside of the one block that is recomputed",
                2.0 * tokens * widths * precision.size().bytes(),
                "%,d tokens × %,d numbers × 2 (value and gradient) × %s",
                tokens,
                widths,
                precision.size());
        lines.add(
                "attention scores of that block",
                2.0 * batch * shape.heads() * length * length * precision.size().bytes(),
                "batch %d × %d heads × %,d² × 2 × %s",
                batch,
                shape.heads(),
                length,
                precision.size());
    }

    private void addHead(MemoryEstimate.Builder lines, long tokens) {
        ModelShape shape = preset.shape();
        long chunk = Math.min(tokens, LOGITS_CHUNK);
        lines.add(
                "logits of one chunk",
                2.0 * chunk * shape.vocabulary() * FLOAT32,
                "%d tokens × %,d words × 2 (value and gradient) × 4 B",
                chunk,
                shape.vocabulary());
    }
}
