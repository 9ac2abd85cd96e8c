package io.kaitoflow.inference.tensor;

import ai.djl.Device;

/** Where tensors lie and products are computed. */
public enum ComputeDevice {
    /** The machine's processor and its memory, which Java can read and write. */
    CPU(Device.cpu()),
    /** The first NVIDIA GPU that this process sees; {@code CUDA_VISIBLE_DEVICES} says which those are. */
    CUDA(Device.gpu());

    private final Device device;

    ComputeDevice(Device device) {
        this.device = device;
    }

    /**
     * Whether bfloat16 is worth computing in.
     *
     * @throws TensorException if this is a GPU and there is none
     */
    public boolean multipliesBfloat16() {
        return switch (this) {
            case CPU -> Processor.multipliesBfloat16();
            case CUDA -> CudaDriver.gpus().getFirst().multipliesBfloat16();
        };
    }

    Device device() {
        return device;
    }
}
