package io.kaitoflow.inference.decode;

import org.jspecify.annotations.Nullable;

/**
 * One token that a step computes.
 *
 * @param position in its sequence
 * @param wanted whether the logits after it are wanted
 */
public record StepRow(
        Sequence sequence,
        int token,
        int position,
        boolean wanted,
        @Nullable Adapter adapter) {}
