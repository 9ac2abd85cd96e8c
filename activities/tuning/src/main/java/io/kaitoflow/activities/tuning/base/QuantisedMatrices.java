package io.kaitoflow.activities.tuning.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.activities.tuning.nf4.Nf4Dequantiser;
import io.kaitoflow.activities.tuning.nf4.Nf4Quantiser;
import io.kaitoflow.activities.tuning.nf4.Nf4Tensor;
import io.kaitoflow.activities.tuning.nf4.ParallelNf4Dequantiser;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Matrices kept in 4 bits and written out for one block at a time into the same memory, which is overwritten by the next
 * block; only backward passes that save no weights may use it.
 */
final class QuantisedMatrices implements BlockMatrices {

    private static final int NONE = -1;

    private final NDManager owner;
    private final Map<Projection, NDArray> written = new EnumMap<>(Projection.class);
    private final Map<Projection, MemorySegment> memory = new EnumMap<>(Projection.class);
    private final Arena codes = Arena.ofShared();
    private final List<List<Nf4Tensor>> layers;
    private final List<LinearPart> parts;
    private final ParallelNf4Dequantiser dequantiser;
    private final Nf4Dequantiser.Target target;
    private int current = NONE;

    QuantisedMatrices(BaseWeights source, ComputeType type, boolean doubleQuantisation) {
        ModelConfiguration model = source.configuration();
        parts = model.linearParts();
        target = switch (type) {
            case FLOAT32 -> Nf4Dequantiser.Target.F32;
            case BFLOAT16 -> Nf4Dequantiser.Target.BF16;
            case FLOAT16 -> throw new IllegalArgumentException("float16 is written out by tensor programs alone");
        };
        // Before anything that waits for PyTorch, which may still be starting.
        layers = quantised(source, new Nf4Quantiser(doubleQuantisation));
        owner = TorchEngine.newOwner();
        dequantiser = new ParallelNf4Dequantiser(Nf4Dequantiser.best(), TorchEngine.threads());
        for (Projection projection : Projection.values()) {
            Shape shape = new Shape(model.outputs(projection), model.inputs(projection));
            NDArray matrix = Tensors.allocate(owner, type, shape);
            written.put(projection, matrix);
            memory.put(projection, Tensors.memory(matrix));
        }
    }

    /** All blocks, several at a time: it is half of what a start waits for. */
    private List<List<Nf4Tensor>> quantised(BaseWeights source, Nf4Quantiser quantiser) {
        return IntStream.range(0, source.configuration().layers())
                .parallel()
                .mapToObj(layer -> parts.stream()
                        .map(part -> quantiser.quantise(source.linear(layer, part), part.rows(), part.columns(), codes))
                        .toList())
                .toList();
    }

    @Override
    public NDArray of(int layer, Projection projection) {
        if (layer != current) {
            writeOut(layer);
        }
        return BlockMatrices.present(written, projection);
    }

    private void writeOut(int layer) {
        for (int i = 0; i < parts.size(); i++) {
            LinearPart part = parts.get(i);
            Nf4Tensor tensor = layers.get(layer).get(i);
            MemorySegment rows = BlockMatrices.present(memory, part.projection())
                    .asSlice(
                            (long) part.firstRow() * part.columns() * target.bytes(),
                            tensor.elements() * target.bytes());
            dequantiser.dequantise(tensor, target, rows);
        }
        current = layer;
    }

    @Override
    public long bytes() {
        return layers.stream().flatMap(List::stream).mapToLong(Nf4Tensor::bytes).sum();
    }

    @Override
    public void close() {
        dequantiser.close();
        owner.close();
        codes.close();
    }
}
