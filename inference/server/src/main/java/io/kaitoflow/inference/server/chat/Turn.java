package io.kaitoflow.inference.server.chat;

/** One message of a conversation; {@code role} as the model's chat template knows it. */
public record Turn(String role, String content) {}
