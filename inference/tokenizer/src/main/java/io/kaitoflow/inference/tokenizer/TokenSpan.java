package io.kaitoflow.inference.tokenizer;

/**
 * A token and the part of the text that it stands for. Tokens that share one character share its span.
 *
 * @param start first UTF-16 index
 * @param end   UTF-16 index after the last
 */
public record TokenSpan(int id, int start, int end) {}
