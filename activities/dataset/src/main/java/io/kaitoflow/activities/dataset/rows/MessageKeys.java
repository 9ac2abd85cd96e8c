package io.kaitoflow.activities.dataset.rows;

import java.util.Map;
import java.util.Optional;

/** How the messages of a data set call who speaks and what is said. */
enum MessageKeys {
    /** As chat templates read them. */
    ROLE_AND_CONTENT("role", "content", Role.ACCEPTED) {
        @Override
        Optional<Role> named(String name) {
            return Role.named(name);
        }
    },
    /** As ShareGPT wrote them, and many collections after it. */
    FROM_AND_VALUE("from", "value", "system, human and gpt, or of " + Role.ACCEPTED) {
        @Override
        Optional<Role> named(String name) {
            return switch (name) {
                case "human" -> Optional.of(Role.USER);
                case "gpt" -> Optional.of(Role.ASSISTANT);
                default -> Role.named(name);
            };
        }
    };

    private final String speaker;
    private final String said;
    private final String accepted;

    MessageKeys(String speaker, String said, String accepted) {
        this.speaker = speaker;
        this.said = said;
        this.accepted = accepted;
    }

    static MessageKeys of(Map<?, ?> message) {
        return message.get("role") == null && message.get("from") != null ? FROM_AND_VALUE : ROLE_AND_CONTENT;
    }

    abstract Optional<Role> named(String name);

    String content() {
        return said;
    }

    Role role(Map<?, ?> message) throws UnusableRowException {
        String name = Cell.text(message, speaker);
        return named(name)
                .orElseThrow(() ->
                        new UnusableRowException(speaker + " \"" + name + "\" is unknown; write one of " + accepted));
    }
}
