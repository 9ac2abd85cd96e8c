package io.kaitoflow.activities.dataset.rows;

import java.util.Locale;
import java.util.Optional;

/** Who speaks in a chat. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL;

    /** All names as data sets write them. */
    static final String ACCEPTED = "system, user, assistant and tool";

    static Optional<Role> named(String name) {
        for (Role role : values()) {
            if (role.label().equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** The name as data sets and chat templates write it, e.g. {@code assistant}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
