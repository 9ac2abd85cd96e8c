package io.kaitoflow.inference.tensor;

/** The number format in which matrices are kept and multiplied. Statistics (norms, softmax, losses) are float32 in all. */
public enum ComputeType {
    FLOAT32(6, Float.BYTES),
    BFLOAT16(15, Short.BYTES),
    /** Three bits finer than bfloat16, but nothing above 65,504: for GPUs that are older than bfloat16. */
    FLOAT16(5, Short.BYTES);

    private final int torchCode;
    private final int bytesPerElement;

    ComputeType(int torchCode, int bytesPerElement) {
        this.torchCode = torchCode;
        this.bytesPerElement = bytesPerElement;
    }

    /** The number by which serialised TorchScript names this type. */
    public int torchCode() {
        return torchCode;
    }

    public int bytesPerElement() {
        return bytesPerElement;
    }
}
