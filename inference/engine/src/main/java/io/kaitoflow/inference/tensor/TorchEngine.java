package io.kaitoflow.inference.tensor;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * PyTorch in this process, started once, from the jars on the class path and never from the network.
 *
 * <p>Ownership rule of the engine: every tensor belongs to the {@link NDManager} that was named when it was made, and dies
 * with it. Work opens {@link #newOwner()} or {@link NDManager#newSubManager()} in a try-with-resources block and moves what
 * shall outlive the block to a longer-lived owner by {@code attach}.
 */
public final class TorchEngine {

    private static @Nullable Engine started;

    private TorchEngine() {}

    /** Starts PyTorch if it is not running yet. */
    public static void start() {
        engine();
    }

    /** Starts PyTorch on a thread of its own, so that who needs it later waits less; who does is told of a failure. */
    public static void startAhead() {
        Thread.ofPlatform().daemon().name("torch-start").start(() -> {
            try {
                start();
            } catch (TensorException failed) {
                LoggerFactory.getLogger(TorchEngine.class).debug("PyTorch did not start ahead", failed);
            }
        });
    }

    /** The version of the native library, for logs and cache keys. */
    public static String version() {
        return engine().getVersion();
    }

    /** A new owner of tensors on the processor that belongs to no other; the caller closes it. */
    public static PtNDManager newOwner() {
        return newOwner(ComputeDevice.CPU);
    }

    /** A new owner of tensors on a device that belongs to no other; the caller closes it. */
    public static PtNDManager newOwner(ComputeDevice device) {
        return (PtNDManager) engine().newBaseManager(device.device());
    }

    /**
     * Makes sure that tensors can be had on a device.
     *
     * @throws TensorException if not; the message says what is missing
     */
    public static void require(ComputeDevice device) {
        if (device == ComputeDevice.CUDA) {
            List<CudaDriver.Gpu> gpus = CudaDriver.gpus();
            try (NDManager owner = newOwner(device)) {
                Tensors.zeros(owner, ComputeType.FLOAT32, new Shape(1));
            } catch (EngineException | TensorException e) {
                throw new TensorException(
                        "PyTorch here does not compute on " + gpus + ": " + e.getMessage()
                                + " Use the image, or the libraries, that are built for CUDA.",
                        e);
            }
        }
    }

    /** Threads that one operation may use, for the whole process. */
    public static int threads() {
        start();
        return JniUtils.getNumThreads();
    }

    /** Sets the threads that one operation may use, for the whole process. */
    public static void useThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        start();
        JniUtils.setNumThreads(threads);
    }

    /** A start that failed is tried again when somebody asks again: the disk may have room by then. */
    private static synchronized Engine engine() {
        if (started == null) {
            started = load();
        }
        return started;
    }

    private static Engine load() {
        // Without these DJL asks its own server for natives and the cloud's metadata address for statistics.
        defaultProperty("ai.djl.offline", "true");
        defaultProperty("DJL_OFFLINE", "true");
        defaultProperty("OPT_OUT_TRACKING", "true");
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException e) {
            throw new TensorException(
                    "PyTorch did not start from the jars on the class path (" + e.getMessage()
                            + "). Check that pytorch-jni and pytorch-native-cpu of this platform are there and that the"
                            + " folder " + Utils.getCacheDir() + " is writable and has 500 MB free.",
                    e);
        }
    }

    private static void defaultProperty(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
