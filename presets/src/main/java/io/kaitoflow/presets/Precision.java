package io.kaitoflow.presets;

/** A floating-point format in which matrix products run. */
public enum Precision {
    BF16(2),
    FP16(2),
    FP32(4);

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one number. */
    public ByteSize size() {
        return ByteSize.ofBytes(bytes);
    }
}
