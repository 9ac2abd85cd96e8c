package io.kaitoflow.inference.model;

import io.kaitoflow.inference.model.files.HubConfiguration;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.weights.Dequantiser;
import io.kaitoflow.inference.weights.TensorEntry;
import io.kaitoflow.inference.weights.WeightSet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A folder in the form of the model hub: {@code config.json} and one or several safetensors files. */
final class SafetensorsCheckpoint implements Checkpoint {
    private final ModelConfiguration configuration;
    private final WeightSet weights;

    private SafetensorsCheckpoint(ModelConfiguration configuration, WeightSet weights) {
        this.configuration = configuration;
        this.weights = weights;
    }

    static SafetensorsCheckpoint open(Path configuration, ModelFiles files) {
        // The configuration first: it refuses what does not run, before gigabytes are mapped.
        return new SafetensorsCheckpoint(HubConfiguration.read(configuration), files.openWeights());
    }

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public List<String> names() {
        return weights.names().stream().sorted().toList();
    }

    @Override
    public List<Long> shape(String name) {
        return weights.tensor(name).shape();
    }

    @Override
    public void readRows(String name, long firstRow, int rows, float[] out) {
        TensorEntry entry = weights.tensor(name);
        int columns = Math.toIntExact(entry.shape().getLast());
        Dequantiser.read(weights.bytes(name), entry.type(), firstRow * columns, out, rows * columns);
    }

    @Override
    public Stored stored(String name) {
        TensorEntry entry = weights.tensor(name);
        return new Stored(weights.bytes(name), entry.type(), entry.shape(), IntUnaryOperator.identity());
    }

    @Override
    public void close() {
        weights.close();
    }
}
