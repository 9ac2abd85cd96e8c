package io.kaitoflow.inference.model;

/**
 * One token that a sequence of a {@link DecoderState} grows by.
 *
 * @param sequence its number in the state
 * @param token the token's id
 */
public record SequenceToken(int sequence, int token) {}
