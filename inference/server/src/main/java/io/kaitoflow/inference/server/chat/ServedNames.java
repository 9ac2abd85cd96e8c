package io.kaitoflow.inference.server.chat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The names callers choose a model by: the base and each adapter, each a model of its own. */
public record ServedNames(String base, List<String> adapters) {

    /** Refuses names that are not distinct, since a caller could not tell the models apart. */
    public ServedNames {
        adapters = List.copyOf(adapters);
        if (Stream.concat(Stream.of(base), adapters.stream()).distinct().count() != adapters.size() + 1L) {
            throw new IllegalArgumentException(
                    "The base \"" + base + "\" and the adapters " + adapters + " must all have different names.");
        }
    }

    /** What answers when no model is asked for: the first adapter, else the base. */
    public String defaultName() {
        return adapters.isEmpty() ? base : adapters.getFirst();
    }

    /** Every name, the default first. */
    public List<String> all() {
        return Stream.concat(adapters.stream(), Stream.of(base)).toList();
    }

    /** The served name that {@code wanted} means. */
    String resolve(Optional<String> wanted) {
        String name = wanted.orElse(defaultName());
        if (!all().contains(name)) {
            throw new ChatFailure.UnknownModel(name, all());
        }
        return name;
    }

    /** The adapter that stands behind a resolved name. */
    Optional<String> adapter(String name) {
        return name.equals(base) ? Optional.empty() : Optional.of(name);
    }
}
