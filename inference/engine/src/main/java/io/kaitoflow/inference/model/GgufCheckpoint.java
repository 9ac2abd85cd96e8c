package io.kaitoflow.inference.model;

import io.kaitoflow.inference.model.files.GgufConfiguration;
import io.kaitoflow.inference.model.files.GgufLayout;
import io.kaitoflow.inference.weights.Dequantiser;
import io.kaitoflow.inference.weights.GgufFile;
import io.kaitoflow.inference.weights.TensorEntry;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A GGUF file of llama.cpp's llama family: other names, and query and key rows in another order. */
final class GgufCheckpoint implements Checkpoint {
    private final GgufFile file;
    private final ModelConfiguration configuration;

    private GgufCheckpoint(GgufFile file, ModelConfiguration configuration) {
        this.file = file;
        this.configuration = configuration;
    }

    static GgufCheckpoint open(Path path) {
        GgufFile file = GgufFile.open(path);
        try {
            return new GgufCheckpoint(file, GgufConfiguration.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    @Override
    public void readRows(String name, long firstRow, int rows, float[] out) {
        TensorEntry entry = entry(name);
        MemorySegment bytes = file.bytes(entry);
        int columns = Math.toIntExact(entry.shape().getLast());
        if (!isReordered(name)) {
            Dequantiser.read(bytes, entry.type(), firstRow * columns, out, rows * columns);
            return;
        }
        var row = new float[columns];
        for (int i = 0; i < rows; i++) {
            Dequantiser.read(
                    bytes,
                    entry.type(),
                    GgufLayout.storedRow(firstRow + i, configuration.headSize()) * columns,
                    row,
                    columns);
            System.arraycopy(row, 0, out, i * columns, columns);
        }
    }

    @Override
    public Stored stored(String name) {
        TensorEntry entry = entry(name);
        IntUnaryOperator order = isReordered(name)
                ? row -> GgufLayout.publicRow(row, configuration.headSize())
                : IntUnaryOperator.identity();
        return new Stored(file.bytes(entry), entry.type(), entry.shape(), order);
    }

    @Override
    public List<String> names() {
        return file.tensors().stream()
                .map(entry -> GgufLayout.publicName(entry.name()))
                .toList();
    }

    private boolean isReordered(String name) {
        return GgufLayout.isReordered(configuration.architecture(), name);
    }

    private TensorEntry entry(String name) {
        return file.tensor(GgufLayout.storedName(name));
    }

    @Override
    public void close() {
        file.close();
    }
}
