package io.kaitoflow.workflows.workspace.ledger;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Writes a step's inputs as named text and hashes it. The names and their order are fixed here and not taken from the records, so
 * that a record may grow without changing the keys of work that is done.
 */
public final class KeyWriter {

    private final StringBuilder text = new StringBuilder();

    /** Every value is preceded by its length, so that no two different inputs give the same text. */
    public KeyWriter put(String name, String value) {
        text.append(name).append(':').append(value.length()).append('=').append(value);
        return this;
    }

    public KeyWriter put(String name, long value) {
        return put(name, Long.toString(value));
    }

    public KeyWriter put(String name, double value) {
        return put(name, Double.toString(value));
    }

    public KeyWriter put(String name, boolean value) {
        return put(name, Boolean.toString(value));
    }

    public KeyWriter put(String name, Enum<?> value) {
        return put(name, value.name());
    }

    public KeyWriter put(String name, StepKey value) {
        return put(name, value.value());
    }

    /** An absent value writes nothing. */
    public KeyWriter put(String name, Optional<?> value) {
        return value.map(present -> put(name, present.toString())).orElse(this);
    }

    public KeyWriter put(String name, OptionalInt value) {
        return value.isPresent() ? put(name, value.getAsInt()) : this;
    }

    public KeyWriter put(String name, List<?> values) {
        put(name, values.size());
        values.forEach(value -> put(name, value.toString()));
        return this;
    }

    /** Maps of records iterate in another order in every process; keys are sorted first. */
    public KeyWriter put(String name, Map<String, String> values) {
        new TreeMap<>(values).forEach((key, value) -> put(name, key).put(key, value));
        return this;
    }

    public StepKey key() {
        return StepKey.of(hex(lane(0xcbf29ce484222325L)) + hex(lane(0x84222325cbf29ce4L)));
    }

    /** FNV-1a over the characters, then murmur3's finaliser so that every input bit reaches every output bit. */
    private long lane(long basis) {
        long hash = basis;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
