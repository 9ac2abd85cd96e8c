package io.kaitoflow.presets;

import java.util.List;

/**
 * The numbers that decide a decoder's memory.
 *
 * @param layers decoder blocks
 * @param hidden width of the residual stream
 * @param heads query heads
 * @param keyValueHeads key and value heads
 * @param headSize width of a head
 * @param intermediate width of the feed-forward layer
 * @param vocabulary tokens
 * @param tiedEmbeddings whether the output head is the embedding
 */
public record ModelShape(
        int layers,
        int hidden,
        int heads,
        int keyValueHeads,
        int headSize,
        int intermediate,
        int vocabulary,
        boolean tiedEmbeddings) {

    /** Weights of all linear layers of all blocks: the part that QLoRA keeps in four bits. */
    public long linearWeights() {
        long attention = (long) hidden * headSize * (2L * heads + 2L * keyValueHeads);
        return layers * (attention + 3L * hidden * intermediate);
    }

    /** Weights that adapters of a rank add: rank × (in + out) for each named linear layer of each block. */
    public long adapterWeights(int rank, List<String> targetModules) {
        return layers
                * targetModules.stream()
                        .mapToLong(module -> (long) rank * widthsOf(module))
                        .sum();
    }

    /** In plus out of a linear layer, by the name that it has in the hub's files. */
    private int widthsOf(String module) {
        int query = heads * headSize;
        int keyValue = keyValueHeads * headSize;
        return switch (module) {
            case "q_proj", "o_proj" -> hidden + query;
            case "k_proj", "v_proj" -> hidden + keyValue;
            case "qkv_proj" -> hidden + query + 2 * keyValue;
            case "gate_proj", "up_proj", "down_proj" -> hidden + intermediate;
            case "gate_up_proj" -> hidden + 2 * intermediate;
            default ->
                throw new IllegalArgumentException(
                        "No linear layer of a decoder block is called \"" + module
                                + "\"; known: q_proj, k_proj, v_proj, o_proj, qkv_proj, gate_proj, up_proj, gate_up_proj, down_proj");
        };
    }

    /** Weights of the embedding, and of the head where it is not tied. */
    public long embeddingWeights() {
        return (tiedEmbeddings ? 1L : 2L) * vocabulary * hidden;
    }

    /** All weights, norms included. */
    public long weights() {
        return linearWeights() + embeddingWeights() + (2L * layers + 1) * hidden;
    }
}
