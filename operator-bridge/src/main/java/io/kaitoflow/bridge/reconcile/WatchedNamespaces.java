package io.kaitoflow.bridge.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The namespaces whose Workspaces an installation looks after.
 *
 * @param names empty for all that there are
 */
public record WatchedNamespaces(Set<String> names) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    public WatchedNamespaces {
        names = Collections.unmodifiableSet(new TreeSet<>(names));
        names.stream().filter(name -> !NAME.matcher(name).matches()).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("\"" + name
                    + "\" cannot be a namespace. Write names of namespaces with commas between, or nothing for all.");
        });
    }

    /** Also those that come later. */
    public static WatchedNamespaces all() {
        return new WatchedNamespaces(Set.of());
    }

    /**
     * Reads names between commas; nothing means all.
     *
     * @throws IllegalArgumentException when one cannot be a namespace
     */
    public static WatchedNamespaces parse(String text) {
        return new WatchedNamespaces(Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet()));
    }

    /** As the operator framework says it. */
    Set<String> forInformers() {
        return names.isEmpty() ? Constants.WATCH_ALL_NAMESPACE_SET : names;
    }

    boolean shareOneWith(WatchedNamespaces other) {
        return names.isEmpty() || other.names.isEmpty() || !Collections.disjoint(names, other.names);
    }

    /** As {@link #parse} reads it. */
    String text() {
        return String.join(",", names);
    }

    @Override
    public String toString() {
        return names.isEmpty() ? "all namespaces" : String.join(", ", names);
    }
}
