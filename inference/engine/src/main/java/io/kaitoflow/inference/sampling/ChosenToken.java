package io.kaitoflow.inference.sampling;

import java.util.List;
import java.util.Optional;

/**
 * A token of a reply.
 *
 * @param odds where the request asked for them
 */
public record ChosenToken(int id, Optional<Odds> odds) {
    /**
     * How likely a token was, before any penalty or temperature.
     *
     * @param logProbability ln of the probability of the chosen token
     * @param likeliest the likeliest tokens of all, likeliest first, as many as were asked for
     */
    public record Odds(double logProbability, List<Candidate> likeliest) {
        public Odds {
            likeliest = List.copyOf(likeliest);
        }
    }

    /** A token that could have been chosen. */
    public record Candidate(int id, double logProbability) {}
}
