package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A safetensors file: tensors under the names of the program that saved them, and a map of free text. */
public final class SafetensorsFile implements WeightFile {

    private final MappedFile file;
    private final Map<String, String> metadata;
    private final TensorTable table;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.metadata = header.metadata();
        this.table = new TensorTable(file, header.tensors());
    }

    /** @throws WeightFileException if it cannot be read, is damaged, or is not safetensors */
    public static SafetensorsFile open(Path path) {
        WeightFile opened = WeightFile.open(path);
        if (opened instanceof SafetensorsFile safetensors) {
            return safetensors;
        }
        opened.close();
        throw new WeightFileException.Unsupported("The file " + path + " is GGUF where safetensors is needed.");
    }

    static SafetensorsFile of(MappedFile file) {
        return new SafetensorsFile(file, SafetensorsHeader.read(file));
    }

    /** The free text under {@code __metadata__}; empty if there is none. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<TensorEntry> tensors() {
        return table.entries();
    }

    @Override
    public TensorEntry tensor(String name) {
        return table.get(name);
    }

    @Override
    public boolean has(String name) {
        return table.has(name);
    }

    @Override
    public MemorySegment bytes(TensorEntry entry) {
        return table.bytes(entry);
    }

    @Override
    public void close() {
        file.close();
    }
}
