package io.kaitoflow.inference.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/** Where a tensor's elements lie on its device. DJL's binding tells, but DJL asks it for the processor's tensors only. */
final class DeviceAddress {
    private final MethodHandle elements = elements();

    /** @param x contiguous, of less than 2 GiB */
    @SuppressWarnings("IllegalCatch") // A method handle declares Throwable.
    long of(NDArray x) {
        try {
            // Nobody reads the buffer: it lies where only the GPU can.
            var buffer = (ByteBuffer) elements.invoke((long) ((PtNDArray) x).getHandle());
            return MemorySegment.ofBuffer(buffer).address();
        } catch (Throwable e) {
            throw new TensorException("PyTorch does not tell where a tensor lies: " + e, e);
        }
    }

    @SuppressWarnings("IllegalCatch") // Whatever it is, another version of the binding is what is to be said.
    private static MethodHandle elements() {
        try {
            Class<?> binding = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(binding, MethodHandles.lookup());
            Object library = inside.findStaticGetter(binding, "LIB", binding).invoke();
            MethodType type = MethodType.methodType(ByteBuffer.class, long.class);
            return inside.findVirtual(binding, "torchDirectByteBuffer", type).bindTo(library);
        } catch (Throwable e) {
            throw new TensorException("This version of DJL's binding has no torchDirectByteBuffer: " + e, e);
        }
    }
}
