package io.kaitoflow.inference.server.chat;

/** Why a reply ended. */
public enum FinishReason {
    /** The model ended its turn, or a stop string came. */
    STOP,
    /** The token budget was spent. */
    LENGTH,
    /** The caller went away. */
    CANCELLED
}
