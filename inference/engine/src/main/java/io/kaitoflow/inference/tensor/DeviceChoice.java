package io.kaitoflow.inference.tensor;

import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user says about where to compute. */
public enum DeviceChoice {
    /** On a GPU where there is one that can be used, else on the processor. */
    AUTO,
    /** On the processor. */
    CPU,
    /** On a GPU; without one it is an error. */
    CUDA;

    /** The variable that says it to processes in pods. */
    public static final String VARIABLE = "KAITOFLOW_DEVICE";

    private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);

    /**
     * As the environment says; {@link #AUTO} where it says nothing.
     *
     * @throws IllegalArgumentException if it says something else
     */
    public static DeviceChoice from(Map<String, String> environment) {
        String text = environment.getOrDefault(VARIABLE, "");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "auto" -> AUTO;
            case "cpu" -> CPU;
            case "cuda" -> CUDA;
            default -> throw new IllegalArgumentException(VARIABLE + ": \"" + text + "\" must be auto, cpu or cuda.");
        };
    }

    /** Whether a GPU shall be used by who needs the driver and no PyTorch: where one is asked for, or where the driver sees one. */
    public boolean wantsGpu() {
        return this == CUDA || (this == AUTO && CudaDriver.seesGpu());
    }

    /**
     * The device to compute on with PyTorch; starts PyTorch where a GPU is asked for or found.
     *
     * @throws TensorException if a GPU was asked for and cannot be had; the message says what is missing
     */
    public ComputeDevice device() {
        return switch (this) {
            case CPU -> ComputeDevice.CPU;
            case CUDA -> {
                TorchEngine.require(ComputeDevice.CUDA);
                yield ComputeDevice.CUDA;
            }
            case AUTO -> best();
        };
    }

    private static ComputeDevice best() {
        if (!CudaDriver.isInstalled()) {
            return ComputeDevice.CPU;
        }
        try {
            return CUDA.device();
        } catch (TensorException e) {
            LOG.warn("Computing on the processor. {}", e.getMessage());
            return ComputeDevice.CPU;
        }
    }
}
