package io.kaitoflow.inference.server.chat;

import io.kaitoflow.inference.server.schema.Shape;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a reply is made.
 *
 * @param adapter one of the model's adapters, or the base alone
 * @param odds how many of the likeliest tokens are told beside each chosen one; empty for no odds at all
 * @param shape of a reply that must be JSON
 */
public record Draw(
        TokenBudget budget, Sampling sampling, Optional<String> adapter, OptionalInt odds, Optional<Shape> shape) {}
