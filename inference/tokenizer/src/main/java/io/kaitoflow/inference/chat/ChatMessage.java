package io.kaitoflow.inference.chat;

/**
 * One turn of a conversation.
 *
 * @param role    usually {@code system}, {@code user} or {@code assistant}; the template decides what it accepts
 * @param content any text, also the spelling of special tokens, which stays text
 */
public record ChatMessage(String role, String content) {

    /** The role whose turns the model writes. */
    public static final String ASSISTANT = "assistant";

    public static ChatMessage system(String content) {
        return new ChatMessage("system", content);
    }

    public static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    public static ChatMessage assistant(String content) {
        return new ChatMessage(ASSISTANT, content);
    }

    /** Whether the model is meant to write turns like this one. */
    public boolean isAnswer() {
        return role.equals(ASSISTANT);
    }

    /** The same turn with other words. */
    public ChatMessage withContent(String other) {
        return new ChatMessage(role, other);
    }
}
