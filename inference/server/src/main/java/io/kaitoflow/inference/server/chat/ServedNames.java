package io.kaitoflow.inference.server.chat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The names callers choose a model by: the base and each adapter, each a model of its own. Adapters come and go; a name that
 * comes last is the last in the list.
 */
public final class ServedNames {

    private final String base;
    private final AtomicReference<List<String>> adapters;

    /** Refuses names that are not distinct, since a caller could not tell the models apart. */
    public ServedNames(String base, List<String> adapters) {
        this.base = base;
        this.adapters = new AtomicReference<>(distinct(adapters));
    }

    /**
     * The names, if a caller can tell the models apart by them.
     *
     * @throws IllegalArgumentException when not
     */
    public List<String> distinct(List<String> names) {
        if (Stream.concat(Stream.of(base), names.stream()).distinct().count() != names.size() + 1L) {
            throw new IllegalArgumentException(
                    "The base \"" + base + "\" and the adapters " + names + " must all have different names.");
        }
        return List.copyOf(names);
    }

    /** What answers when no model is asked for: the first adapter, else the base. */
    public String defaultName() {
        return all().getFirst();
    }

    /** Every name, the default first. */
    public List<String> all() {
        return Stream.concat(adapters.get().stream(), Stream.of(base)).toList();
    }

    /** A name more; false when it is taken. One caller at a time. */
    public boolean add(String name) {
        if (all().contains(name)) {
            return false;
        }
        adapters.updateAndGet(
                names -> Stream.concat(names.stream(), Stream.of(name)).toList());
        return true;
    }

    /** A name less; false when no adapter has it. */
    public boolean remove(String name) {
        boolean known = adapters.get().contains(name);
        adapters.updateAndGet(
                names -> names.stream().filter(other -> !other.equals(name)).toList());
        return known;
    }

    /**
     * These and no other adapters from now on, in this order.
     *
     * @throws IllegalArgumentException when two of them, or one and the base, have the same name
     */
    public void replaceAdapters(List<String> names) {
        adapters.set(distinct(names));
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
