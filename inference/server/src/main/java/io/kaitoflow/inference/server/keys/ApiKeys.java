package io.kaitoflow.inference.server.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/** Keys of which a caller must show one. */
public record ApiKeys(Set<String> keys) {

    private static final String SCHEME = "Bearer ";

    public ApiKeys {
        keys = Set.copyOf(keys);
    }

    /** @param authorization the header of that name; empty where there is none */
    boolean open(String authorization) {
        if (!authorization.startsWith(SCHEME)) {
            return false;
        }
        byte[] shown = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        // All of them, each in constant time: how long it takes tells nothing of a key.
        return keys.stream()
                        .filter(key -> MessageDigest.isEqual(key.getBytes(StandardCharsets.UTF_8), shown))
                        .count()
                > 0;
    }

    /** Never the keys. */
    @Override
    public String toString() {
        return keys.size() == 1 ? "1 key" : keys.size() + " keys";
    }
}
