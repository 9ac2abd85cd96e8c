package io.kaitoflow.temporal;

import java.util.regex.Pattern;

/**
 * Where a Temporal frontend answers and which namespace is ours there.
 *
 * @param target {@code host:port}
 * @param namespace that exists on the server
 */
public record TemporalAddress(String target, String namespace) {

    public static final String DEFAULT_NAMESPACE = "default";

    private static final Pattern FORM = Pattern.compile("[^:/\\s]+:\\d{1,5}");

    public TemporalAddress {
        if (!FORM.matcher(target).matches()) {
            throw new IllegalArgumentException(
                    "Not a Temporal address: \"" + target + "\"; write host:port, e.g. 127.0.0.1:7233");
        }
    }

    /** The address in the default namespace. */
    public static TemporalAddress of(String target) {
        return new TemporalAddress(target, DEFAULT_NAMESPACE);
    }
}
