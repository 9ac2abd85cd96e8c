package io.kaitoflow.inference.chat;

/** Why a conversation did not become a prompt; one child for each thing a caller can do about it. */
public abstract sealed class ChatTemplateException extends RuntimeException {

    private ChatTemplateException(String message) {
        super(message);
    }

    /** The template itself refuses this conversation, such as two user turns in a row: change the conversation. */
    public static final class Refused extends ChatTemplateException {
        Refused(String message) {
            super(message);
        }
    }

    /** The template has an error or asks for more than a template may: use another. */
    public static final class Broken extends ChatTemplateException {
        Broken(String message) {
            super(message);
        }
    }

    /** The template does not show an answer as it is, so its place in the prompt is unknown: use another for tuning. */
    public static final class Untraceable extends ChatTemplateException {
        public Untraceable(String message) {
            super(message);
        }
    }
}
