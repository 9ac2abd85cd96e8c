package io.kaitoflow.inference.model;

/** The four matrices of a decoder block, as the engine multiplies by them. */
public enum Projection {
    /** Queries, keys and values: rows of q, then k, then v. */
    QKV("qkv"),
    /** From the heads back to the hidden size. */
    ATTENTION_OUTPUT("attention_output"),
    /** The gated feed-forward's two inputs: rows of gate, then up. */
    GATE_UP("gate_up"),
    /** From the feed-forward back to the hidden size. */
    DOWN("down");

    private final String label;

    Projection(String label) {
        this.label = label;
    }

    /** A lower-case word for names in programs. */
    public String label() {
        return label;
    }
}
