package io.kaitoflow.inference.sampling;

import java.util.Optional;
import java.util.Set;

/**
 * What to answer, and how.
 *
 * @param prompt token ids; not empty
 * @param maxNewTokens the reply ends after so many tokens
 * @param minNewTokens no stop token is chosen before so many tokens
 * @param stopIds tokens that end the reply; they are not part of it
 * @param adapter name of a loaded adapter; empty for the base model
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GenerationRequest(
        int[] prompt,
        int maxNewTokens,
        int minNewTokens,
        Set<Integer> stopIds,
        SamplingParameters sampling,
        Optional<String> adapter) {
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
