package io.kaitoflow.activities.tuning.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.activities.tuning.nf4.Nf4Kernel;
import io.kaitoflow.activities.tuning.nf4.Nf4Quantiser;
import io.kaitoflow.activities.tuning.nf4.Nf4Script;
import io.kaitoflow.activities.tuning.nf4.Nf4Tensor;
import io.kaitoflow.activities.tuning.nf4.Nf4Writer;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TensorException;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matrices kept on a GPU in 4 bits and written out there for one block at a time into the same memory, as
 * {@link QuantisedMatrices} does on the processor and to the same bit. Tests without a GPU run it on the processor.
 */
final class ScriptQuantisedMatrices implements BlockMatrices {

    private static final Logger LOG = LoggerFactory.getLogger(ScriptQuantisedMatrices.class);
    private static final int NONE = -1;

    private final NDManager owner;
    private final Nf4Script script;
    private final Nf4Writer writer;
    private final Map<Projection, NDArray> written = new EnumMap<>(Projection.class);
    private final List<Place> places;
    private final List<List<List<NDArray>>> layers;
    private long bytes;
    private int current = NONE;

    /**
     * @param target the part's rows of its fused matrix, a view
     */
    private record Place(LinearPart part, NDArray target) {}

    ScriptQuantisedMatrices(BaseWeights source, ComputeDevice device, ComputeType type, boolean doubleQuantisation) {
        ModelConfiguration model = source.configuration();
        owner = TorchEngine.newOwner(device);
        script = new Nf4Script(owner, doubleQuantisation);
        writer = device == ComputeDevice.CPU ? script : fastest(doubleQuantisation, type);
        for (Projection projection : Projection.values()) {
            Shape shape = new Shape(model.outputs(projection), model.inputs(projection));
            written.put(projection, Tensors.allocate(owner, type, shape));
        }
        places = model.linearParts().stream()
                .map(part -> new Place(
                        part,
                        Tensors.rows(
                                owner,
                                BlockMatrices.present(written, part.projection()),
                                part.firstRow(),
                                part.rows())))
                .toList();
        Nf4Quantiser quantiser = new Nf4Quantiser(doubleQuantisation);
        layers = IntStream.range(0, model.layers())
                .mapToObj(layer -> uploaded(source, quantiser, layer))
                .toList();
    }

    private Nf4Writer fastest(boolean doubleQuantisation, ComputeType type) {
        try {
            return new Nf4Kernel(owner, doubleQuantisation, type);
        } catch (TensorException e) {
            LOG.warn("Training will take longer, because weights are written out by PyTorch. {}", e.getMessage());
            return script;
        }
    }

    /** One block: its codes need not stay in the machine's own memory. */
    private List<List<NDArray>> uploaded(BaseWeights source, Nf4Quantiser quantiser, int layer) {
        List<List<NDArray>> stored = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            List<Nf4Tensor> quantised = places.parallelStream()
                    .map(Place::part)
                    .map(part -> quantiser.quantise(source.linear(layer, part), part.rows(), part.columns(), arena))
                    .toList();
            for (Nf4Tensor tensor : quantised) {
                stored.add(script.upload(tensor));
                bytes += tensor.bytes();
            }
        }
        return stored;
    }

    @Override
    public NDArray of(int layer, Projection projection) {
        if (layer != current) {
            for (int i = 0; i < places.size(); i++) {
                writer.dequantise(layers.get(layer).get(i), places.get(i).target());
            }
            current = layer;
        }
        return BlockMatrices.present(written, projection);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (writer != script) {
            writer.close();
        }
        script.close();
        owner.close();
    }
}
