package io.kaitoflow.inference.weights;

import java.util.List;

/** One value of a GGUF header; integers of every width are {@link Whole}, floats of both widths {@link Real}. */
public sealed interface MetadataValue {

    /** A string, decoded as UTF-8. */
    record Text(String value) implements MetadataValue {}

    /** An integer; an unsigned 64-bit one above the range of long shows as negative. */
    record Whole(long value) implements MetadataValue {}

    /** A float; one stored as float32 has the same value here. */
    record Real(double value) implements MetadataValue {}

    /** A boolean. */
    record Flag(boolean value) implements MetadataValue {}

    /** An array; all items are of one kind. */
    record Items(List<MetadataValue> values) implements MetadataValue {
        public Items {
            values = List.copyOf(values);
        }
    }
}
