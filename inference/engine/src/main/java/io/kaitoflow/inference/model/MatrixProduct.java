package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.GradMode;
import io.kaitoflow.inference.tensor.TensorException;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.tensor.TorchScriptModule;

/** How the frozen matrices are kept and multiplied by, as program text: {@code pack(w)} once, {@code product(x, w)} often. */
enum MatrixProduct {
    /** As they are. */
    DENSE("""
            def pack(self, w: Tensor) -> Tensor:
              return w
            def product(self, x: Tensor, w: Tensor) -> Tensor:
              return torch.linear(x, w)
            """),
    /** Reordered once by oneDNN for its own kernels; measured about a quarter faster when 8 sequences decode together. */
    PACKED("""
            def pack(self, w: Tensor) -> Tensor:
              return ops.mkldnn._reorder_linear_weight(w, 1)
            def product(self, x: Tensor, w: Tensor) -> Tensor:
              return ops.mkldnn._linear_pointwise(x, w, None, "none", annotate(List[Optional[number]], []), "")
            """);

    private final String text;

    MatrixProduct(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The fastest that a device can run in the given type. */
    static MatrixProduct fastest(ComputeDevice device, ComputeType type) {
        boolean mayPack = device == ComputeDevice.CPU && type == ComputeType.BFLOAT16;
        return mayPack && PACKED.runsIn(type) ? PACKED : DENSE;
    }

    /** oneDNN has bfloat16 kernels for some processors only, and says so when asked to multiply. */
    private boolean runsIn(ComputeType type) {
        try (var mode = GradMode.off();
                var program = new TorchScriptModule(text);
                NDManager scope = TorchEngine.newOwner()) {
            NDArray matrix = Tensors.zeros(scope, type, new Shape(32, 32));
            program.call(scope, "product", matrix, program.call(scope, "pack", matrix));
            return true;
        } catch (TensorException e) {
            return false;
        }
    }
}
