package io.kaitoflow.inference.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Tensor programs compiled from text: named methods from tensors to a tensor or a list of tensors.
 *
 * <p>The results belong to the owner that is named in the call, whoever owns the arguments. Calls may come from several
 * threads. Whether a call is recorded for differentiation is the thread's {@link GradMode}.
 */
public final class TorchScriptModule implements AutoCloseable {
    private final PtNDManager owner;
    private final PtSymbolBlock block;

    /**
     * Compiles {@code methods}: unindented {@code def name(self, x: Tensor) -> Tensor:} definitions in TorchScript, with
     * element types as numbers ({@link ComputeType#torchCode}). They may call each other as {@code self.name(x)}.
     *
     * @throws TensorException if the text does not compile; the message quotes the compiler
     */
    public TorchScriptModule(String methods) {
        owner = TorchEngine.newOwner();
        try {
            block = JniUtils.loadModule(owner, new ByteArrayInputStream(TorchScriptArchive.of(methods)), false, false);
        } catch (EngineException e) {
            owner.close();
            throw new TensorException("PyTorch refused a program: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading an archive from memory", e);
        }
    }

    /** Runs a method that returns one tensor. */
    public NDArray call(NDManager resultOwner, String method, NDArray... arguments) {
        return callForList(resultOwner, method, arguments).get(0);
    }

    /** Runs a method that returns a list or tuple of tensors. */
    public NDList callForList(NDManager resultOwner, String method, NDArray... arguments) {
        // The binding gives results to the owner of the first argument and takes the method's name from an array's
        // name,
        // so a string array without native memory, named after the method, goes first.
        try (var marker = new PtNDArray((PtNDManager) resultOwner, new String[0], new Shape(0))) {
            marker.setName("module_method:" + method);
            var inputs = new NDList(arguments.length + 1);
            inputs.add(marker);
            for (NDArray argument : arguments) {
                inputs.add(argument);
            }
            // Profiling fuses a program's operations on a GPU after its first calls, and rounds otherwise from then on:
            // a
            // resumed training would differ from one that was not interrupted.
            JniUtils.setGraphExecutorOptimize(!resultOwner.getDevice().isGpu());
            // "Training" here only means: not in inference mode, whose tensors refuse to be updated in place
            // afterwards.
            return IValueUtils.forward(block, inputs, true);
        } catch (EngineException e) {
            throw new TensorException("PyTorch failed in " + method + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        block.close();
        owner.close();
    }
}
