package io.kaitoflow.activities.tuning.adapter;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.djl.ndarray.NDArray;
import io.kaitoflow.activities.tuning.random.CounterRandom;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.inference.training.LoraLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The trained numbers: one float32 vector for all blocks, block after block, each as {@link LoraLayout} says, with a view
 * for each block. All zeros when made, which changes nothing in the model.
 */
public final class Adapter implements AutoCloseable {

    private final LoraLayout layout;
    private final DeviceVector values;
    private final List<NDArray> layers = new ArrayList<>();

    /**
     * @param blocks of the model
     * @param device of the model
     */
    public Adapter(LoraLayout layout, int blocks, ComputeDevice device) {
        this.layout = layout;
        values = new DeviceVector(device, (long) blocks * layout.size());
        for (int block = 0; block < blocks; block++) {
            long first = (long) block * layout.size();
            layers.add(values.tensor().get(first + ":" + (first + layout.size())));
        }
    }

    /**
     * Fills every A with uniform numbers in plus or minus one by the root of its inputs and leaves every B zero, so that
     * the model is unchanged before the first step.
     */
    public void initialise(long seed) {
        CounterRandom random = new CounterRandom(seed);
        MemorySegment memory = memory();
        for (int block = 0; block < layers.size(); block++) {
            for (LoraLayout.Module module : layout.modules()) {
                float bound = (float) (1 / Math.sqrt(module.part().columns()));
                long first = (long) block * layout.size() + module.offsetA();
                long length = (long) layout.rank() * module.part().columns();
                for (long i = first; i < first + length; i++) {
                    memory.setAtIndex(JAVA_FLOAT, i, (float) (2 * random.unit(i) - 1) * bound);
                }
            }
        }
        values.push();
    }

    public LoraLayout layout() {
        return layout;
    }

    /** Where its numbers lie. */
    public ComputeDevice device() {
        return values.device();
    }

    /** How many blocks of the model it covers. */
    public int blocks() {
        return layers.size();
    }

    /** All numbers where they are computed with. */
    public DeviceVector values() {
        return values;
    }

    /** All numbers for Java, as {@link DeviceVector#host()} has them; float32, writable, valid until this is closed. */
    public MemorySegment memory() {
        return values.host();
    }

    /** The numbers of one block as a view: float32 ({@link LoraLayout#size()}). */
    public NDArray block(int index) {
        return layers.get(index);
    }

    /** The memory of A of a module, row-major (rank, inputs). */
    public MemorySegment a(int block, LoraLayout.Module module) {
        return matrix(block, module.offsetA(), layout.rank() * module.part().columns());
    }

    /** The memory of B of a module, row-major (outputs, rank). */
    public MemorySegment b(int block, LoraLayout.Module module) {
        return matrix(block, module.offsetB(), layout.rank() * module.part().rows());
    }

    private MemorySegment matrix(int block, int offset, int elements) {
        long first = (long) block * layout.size() + offset;
        return memory().asSlice(first * Float.BYTES, (long) elements * Float.BYTES);
    }

    @Override
    public void close() {
        values.close();
    }
}
