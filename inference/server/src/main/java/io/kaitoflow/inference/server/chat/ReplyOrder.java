package io.kaitoflow.inference.server.chat;

import io.kaitoflow.inference.server.schema.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One request for a reply.
 *
 * @param model a served name; the default model when absent
 * @param odds how many of the likeliest tokens are told beside each chosen one; empty for no odds at all
 * @param stop texts that end the reply and are not part of it
 * @param shape of a reply that must be JSON
 */
public record ReplyOrder(
        Optional<String> model,
        Question question,
        LengthLimits length,
        Sampling sampling,
        OptionalInt odds,
        List<String> stop,
        Optional<Shape> shape) {

    /** Keeps a copy of {@code stop}. */
    public ReplyOrder {
        stop = List.copyOf(stop);
    }
}
