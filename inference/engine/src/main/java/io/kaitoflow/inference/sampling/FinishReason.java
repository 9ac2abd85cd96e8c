package io.kaitoflow.inference.sampling;

/** Why a reply ended. */
public enum FinishReason {
    /** The model chose a stop token. */
    STOP,
    /** The reply reached its greatest length, or the sequence the greatest that the generator holds. */
    LENGTH,
    /** The caller cancelled it, or the generator was closed. */
    CANCELLED
}
