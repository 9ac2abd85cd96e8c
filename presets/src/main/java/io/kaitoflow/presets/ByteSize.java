package io.kaitoflow.presets;
/** x. */
public record ByteSize(long bytes) {
    int a(Object o) {
        return o instanceof ByteSize(var b) && b > 0 ? 1 : 0;
    }
}
