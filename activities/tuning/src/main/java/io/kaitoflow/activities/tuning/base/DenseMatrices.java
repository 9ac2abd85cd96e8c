package io.kaitoflow.activities.tuning.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Matrices kept in the compute type, for LoRA without quantisation. */
final class DenseMatrices implements BlockMatrices {

    private final NDManager owner;
    private final List<Map<Projection, NDArray>> layers = new ArrayList<>();
    private final long bytes;

    DenseMatrices(BaseWeights source, ComputeDevice device, ComputeType type) {
        owner = TorchEngine.newOwner(device);
        ModelConfiguration model = source.configuration();
        long elements = 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            Map<Projection, NDArray> matrices = new EnumMap<>(Projection.class);
            for (Projection projection : Projection.values()) {
                matrices.put(projection, fused(source, layer, projection, type));
                elements += (long) model.outputs(projection) * model.inputs(projection);
            }
            layers.add(matrices);
        }
        bytes = elements * type.bytesPerElement();
    }

    private NDArray fused(BaseWeights source, int layer, Projection projection, ComputeType type) {
        ModelConfiguration model = source.configuration();
        Shape shape = new Shape(model.outputs(projection), model.inputs(projection));
        return Tensors.written(owner, type, shape, memory -> {
            for (LinearPart part : model.linearParts()) {
                if (part.projection() == projection) {
                    long first = (long) part.firstRow() * part.columns() * type.bytesPerElement();
                    FrozenModel.copy(
                            source.linear(layer, part), part.rows(), part.columns(), type, memory.asSlice(first));
                }
            }
        });
    }

    @Override
    public NDArray of(int layer, Projection projection) {
        return BlockMatrices.present(layers.get(layer), projection);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        owner.close();
    }
}
