package io.kaitoflow.inference.server.chat;

/** How many tokens a reply may and must have; {@code min <= max}, {@code max >= 1}. */
public record TokenBudget(int max, int min) {}
