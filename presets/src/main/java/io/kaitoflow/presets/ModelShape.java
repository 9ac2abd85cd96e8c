package io.kaitoflow.presets;

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

    /** Weights of the embedding, and of the head where it is not tied. */
    public long embeddingWeights() {
        return (tiedEmbeddings ? 1L : 2L) * vocabulary * hidden;
    }

    /** All weights, norms included. */
    public long weights() {
        return linearWeights() + embeddingWeights() + (2L * layers + 1) * hidden;
    }
}
