package io.kaitoflow.inference.sampling;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What to answer, and how.
 *
 * @param prompt token ids; not empty
 * @param maxNewTokens the reply ends after so many tokens
 * @param minNewTokens no stop token is chosen before so many tokens
 * @param stopIds tokens that end the reply; they are not part of it
 * @param adapter name of a loaded adapter; empty for the base model
 * @param odds how many of the likeliest tokens are told beside each chosen one, with their odds; empty for no odds at all
 * @param constraint what the reply must look like, for this request alone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GenerationRequest(
        int[] prompt,
        int maxNewTokens,
        int minNewTokens,
        Set<Integer> stopIds,
        SamplingParameters sampling,
        Optional<String> adapter,
        OptionalInt odds,
        Optional<Constraint> constraint) {
    /** Without the odds of its tokens and in any form. */
    public GenerationRequest(
            int[] prompt,
            int maxNewTokens,
            int minNewTokens,
            Set<Integer> stopIds,
            SamplingParameters sampling,
            Optional<String> adapter) {
        this(prompt, maxNewTokens, minNewTokens, stopIds, sampling, adapter, OptionalInt.empty(), Optional.empty());
    }

    public GenerationRequest {
        if (prompt.length == 0 || maxNewTokens < 1 || minNewTokens < 0 || minNewTokens > maxNewTokens) {
            throw new IllegalArgumentException(
                    "A request needs a prompt, at least one new token, and a least number of new"
                            + " tokens from 0 to the greatest; it has " + prompt.length + " prompt tokens, "
                            + minNewTokens + " to "
                            + maxNewTokens + " new ones.");
        }
        prompt = prompt.clone();
        stopIds = Set.copyOf(stopIds);
    }
}
