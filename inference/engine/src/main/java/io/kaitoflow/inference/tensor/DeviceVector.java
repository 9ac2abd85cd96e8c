package io.kaitoflow.inference.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A row of float32 numbers on a device that Java reads and writes too. On the processor both see the same memory; on a GPU
 * Java has a copy, which {@link #pull} and {@link #push} bring in step. All zeros when made.
 */
public final class DeviceVector implements AutoCloseable {
    private final ComputeDevice device;
    private final NDManager owner;
    private final NDManager hostOwner = TorchEngine.newOwner(ComputeDevice.CPU);
    private final NDArray tensor;
    private final NDArray host;
    private final MemorySegment memory;

    public DeviceVector(ComputeDevice device, long length) {
        this.device = device;
        owner = TorchEngine.newOwner(device);
        tensor = Tensors.zeros(owner, ComputeType.FLOAT32, new Shape(length));
        host = device == ComputeDevice.CPU ? tensor : Tensors.zeros(hostOwner, ComputeType.FLOAT32, new Shape(length));
        memory = Tensors.memory(host);
    }

    /** Where the numbers are computed with. */
    public ComputeDevice device() {
        return device;
    }

    /** How many numbers there are. */
    public long length() {
        return tensor.size();
    }

    /** Makes all numbers zero on the device. */
    public void clear() {
        Tensors.clear(tensor);
    }

    /** The numbers on the device; float32 (length), writable. */
    public NDArray tensor() {
        return tensor;
    }

    /** The numbers for Java; float32, writable, valid until this is closed. */
    public MemorySegment host() {
        return memory;
    }

    /** Brings what Java sees up to date. */
    public void pull() {
        if (host != tensor) {
            Tensors.copy(tensor, host);
        }
    }

    /** Takes over what Java wrote. */
    public void push() {
        if (host != tensor) {
            Tensors.copy(host, tensor);
        }
    }

    @Override
    public void close() {
        owner.close();
        hostOwner.close();
    }
}
