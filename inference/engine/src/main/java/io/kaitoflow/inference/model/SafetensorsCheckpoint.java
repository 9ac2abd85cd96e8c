package io.kaitoflow.inference.model;

import io.kaitoflow.inference.weights.Dequantiser;
import io.kaitoflow.inference.weights.SafetensorsFile;
import io.kaitoflow.inference.weights.TensorEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder in the form of the model hub: {@code config.json} and one or several safetensors files. */
final class SafetensorsCheckpoint implements Checkpoint {
    private final Path folder;
    private final ModelConfiguration configuration;
    private final List<SafetensorsFile> files;
    private final Map<String, SafetensorsFile> fileOf = new HashMap<>();

    private SafetensorsCheckpoint(Path folder, ModelConfiguration configuration, List<SafetensorsFile> files) {
        this.folder = folder;
        this.configuration = configuration;
        this.files = List.copyOf(files);
        for (SafetensorsFile file : files) {
            file.tensors().forEach(tensor -> fileOf.put(tensor.name(), file));
        }
    }

    static SafetensorsCheckpoint open(Path folder) {
        ModelConfiguration configuration = HubConfiguration.read(folder.resolve("config.json"));
        var files = new ArrayList<SafetensorsFile>();
        try {
            for (Path path : safetensors(folder)) {
                files.add(SafetensorsFile.open(path));
            }
            return new SafetensorsCheckpoint(folder, configuration, files);
        } catch (RuntimeException e) {
            files.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static List<Path> safetensors(Path folder) {
        try (var entries = Files.list(folder)) {
            List<Path> files = entries.filter(path -> path.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new ModelException(
                        "The model folder " + folder + " has no .safetensors file. Fetch the model again.");
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("Listing the model folder " + folder, e);
        }
    }

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public List<Long> shape(String name) {
        return fileWith(name).tensor(name).shape();
    }

    @Override
    public void readRows(String name, long firstRow, int rows, float[] out) {
        SafetensorsFile file = fileWith(name);
        TensorEntry entry = file.tensor(name);
        int columns = Math.toIntExact(entry.shape().getLast());
        Dequantiser.read(file.bytes(entry), entry.type(), firstRow * columns, out, rows * columns);
    }

    private SafetensorsFile fileWith(String name) {
        SafetensorsFile file = fileOf.get(name);
        if (file == null) {
            throw new ModelException("The model in " + folder + " has no tensor " + name
                    + ", which its configuration calls for. Fetch the model again.");
        }
        return file;
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
