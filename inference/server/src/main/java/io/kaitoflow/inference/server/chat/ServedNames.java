package io.kaitoflow.inference.server.chat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The names callers choose a model by: the base and each adapter, each a model of its own. Adapters come and go; a name that
 * comes last is the last in the list.
 */
public final class ServedNames {

    private final String base;
    private final CopyOnWriteArrayList<String> adapters = new CopyOnWriteArrayList<>();

    /** Refuses names that are not distinct, since a caller could not tell the models apart. */
    public ServedNames(String base, List<String> adapters) {
        this.base = base;
        this.adapters.addAll(adapters);
        if (Stream.concat(Stream.of(base), adapters.stream()).distinct().count() != adapters.size() + 1L) {
            throw new IllegalArgumentException(
                    "The base \"" + base + "\" and the adapters " + adapters + " must all have different names.");
        }
    }

    /** What answers when no model is asked for: the first adapter, else the base. */
    public String defaultName() {
        return all().getFirst();
    }

    /** Every name, the default first. */
    public List<String> all() {
        return Stream.concat(adapters.stream(), Stream.of(base)).toList();
    }

    /** A name more; false when it is taken. */
    boolean add(String name) {
        return !name.equals(base) && adapters.addIfAbsent(name);
    }

    /** A name less; false when no adapter has it. */
    boolean remove(String name) {
        return adapters.remove(name);
    }

    /** The served name that {@code wanted} means. */
    String resolve(Optional<String> wanted) {
        List<String> served = all();
        String name = wanted.orElse(served.getFirst());
        if (!served.contains(name)) {
            throw new ChatFailure.UnknownModel(name, served);
        }
        return name;
    }

    /** The adapter that stands behind a resolved name. */
    Optional<String> adapter(String name) {
        return name.equals(base) ? Optional.empty() : Optional.of(name);
    }

    @Override
    public String toString() {
        return "base " + base + ", adapters " + adapters;
    }
}
