package io.kaitoflow.inference.server.chat;

import java.util.List;
import java.util.Optional;

/**
 * One request for a reply.
 *
 * @param model a served name; the default model when absent
 * @param stop texts that end the reply and are not part of it
 */
public record ReplyOrder(
        Optional<String> model, Question question, LengthLimits length, Sampling sampling, List<String> stop) {

    /** Keeps a copy of {@code stop}. */
    public ReplyOrder {
        stop = List.copyOf(stop);
    }
}
