package io.kaitoflow.inference.server.chat;

import java.util.List;

/**
 * How likely a token of a reply was.
 *
 * @param chosen the token itself
 * @param likeliest the likeliest tokens of all in its place, as many as were asked for
 */
public record TokenOdds(Candidate chosen, List<Candidate> likeliest) {

    /** Keeps a copy. */
    public TokenOdds {
        likeliest = List.copyOf(likeliest);
    }

    /**
     * A token that could stand in that place.
     *
     * @param text what it looks like; bytes that are no whole character show as U+FFFD
     * @param logProbability ln of its probability
     */
    public record Candidate(String text, double logProbability) {}
}
