package io.kaitoflow.inference.model;

import java.util.List;

/**
 * The numbers of a decoder model.
 *
 * @param architecture which family of decoders it is
 * @param vocabularySize rows of the embedding and of the head
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the gated feed-forward
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param maximumPositions longest sequence that the model was made for
 * @param normEpsilon added to the mean square in each norm
 * @param rotary position embedding of the layers that see everything; also holds the head size
 * @param tiedHead whether the embedding is also the output head
 * @param traits in which numbers it differs from the plain decoder of Llama
 */
public record ModelConfiguration(
        Architecture architecture,
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyValueHeads,
        int maximumPositions,
        double normEpsilon,
        RotaryEmbedding rotary,
        boolean tiedHead,
        DecoderTraits traits) {
    public ModelConfiguration {
        requirePositive("vocabulary size", vocabularySize);
        requirePositive("hidden size", hiddenSize);
        requirePositive("intermediate size", intermediateSize);
        requirePositive("layers", layers);
        requirePositive("heads", heads);
        requirePositive("key and value heads", keyValueHeads);
        requirePositive("maximum positions", maximumPositions);
        if (traits.layers().size() != layers) {
            throw new ModelException("The model has " + layers + " layers and settings for "
                    + traits.layers().size() + ".");
        }
        if (heads % keyValueHeads != 0) {
            throw new ModelException("The model has " + heads + " heads, which " + keyValueHeads
                    + " key and value heads do not divide.");
        }
    }

    /** The plain decoder: no windows, caps or factors. */
    public ModelConfiguration(
            Architecture architecture,
            int vocabularySize,
            int hiddenSize,
            int intermediateSize,
            int layers,
            int heads,
            int keyValueHeads,
            int maximumPositions,
            double normEpsilon,
            RotaryEmbedding rotary,
            boolean tiedHead) {
        this(
                architecture,
                vocabularySize,
                hiddenSize,
                intermediateSize,
                layers,
                heads,
                keyValueHeads,
                maximumPositions,
                normEpsilon,
                rotary,
                tiedHead,
                DecoderTraits.plain(layers, rotary));
    }

    /** Dimensions of one head. */
    public int headSize() {
        return rotary.headSize();
    }

    /** Outputs of the query projection. */
    public int queryWidth() {
        return heads * headSize();
    }

    /** Outputs of the key projection, and of the value projection. */
    public int keyValueWidth() {
        return keyValueHeads * headSize();
    }

    /** Rows of a fused matrix. */
    public int outputs(Projection projection) {
        return switch (projection) {
            case QKV -> queryWidth() + 2 * keyValueWidth();
            case ATTENTION_OUTPUT, DOWN -> hiddenSize;
            case GATE_UP -> 2 * intermediateSize;
        };
    }

    /** Columns of a fused matrix. */
    public int inputs(Projection projection) {
        return switch (projection) {
            case QKV, GATE_UP -> hiddenSize;
            case ATTENTION_OUTPUT -> queryWidth();
            case DOWN -> intermediateSize;
        };
    }

    /** The linear modules of each block, in the order of their fused matrices and rows. */
    public List<LinearPart> linearParts() {
        return architecture.linearParts(this);
    }

    /**
     * Checks a token id.
     *
     * @throws IllegalArgumentException if it is not in the vocabulary
     */
    public void requireToken(int id) {
        if (id < 0 || id >= vocabularySize) {
            throw new IllegalArgumentException("Token " + id + " is not in the vocabulary of " + vocabularySize);
        }
    }

    private static void requirePositive(String what, int value) {
        if (value <= 0) {
            throw new ModelException("The model's " + what + " must be positive, not " + value + ".");
        }
    }
}
