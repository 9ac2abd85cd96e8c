package io.kaitoflow.activities.tuning.optimiser;

import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;

/** From gradients to the next parameters, on the device where they lie. */
public sealed interface Optimiser extends AutoCloseable permits AdamW, ScriptAdamW {

    /** Adam with decoupled weight decay for parameters on a device. */
    static Optimiser of(Adam constants, ComputeDevice device) {
        return switch (device) {
            case CPU -> new AdamW(constants);
            case CUDA -> new ScriptAdamW(constants);
        };
    }

    /** The norm of the gradients before clipping, summed in float64 in an order that can be repeated. */
    GradientNorm norm(DeviceVector gradients);

    /**
     * Changes parameters and moments in place.
     *
     * @param gradients of the loss, not yet clipped
     * @param clip factor on every gradient, 1 when none is clipped
     * @param update number of this update, counted from 1
     * @param learningRate of this update
     */
    void update(TrainedState state, DeviceVector gradients, float clip, long update, double learningRate);

    @Override
    void close();
}
