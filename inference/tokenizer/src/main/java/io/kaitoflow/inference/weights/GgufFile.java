package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** A GGUF file: tensors under the names that llama.cpp gives them, and a header that describes model and tokenizer. */
public final class GgufFile implements WeightFile {

    private final MappedFile file;
    private final GgufMetadata metadata;
    private final TensorTable table;

    private GgufFile(MappedFile file, GgufHeader header) {
        this.file = file;
        this.metadata = header.metadata();
        this.table = new TensorTable(file, header.tensors());
    }

    /** @throws WeightFileException if it cannot be read, is damaged, or is not GGUF */
    public static GgufFile open(Path path) {
        WeightFile opened = WeightFile.open(path);
        if (opened instanceof GgufFile gguf) {
            return gguf;
        }
        opened.close();
        throw new WeightFileException.Unsupported("The file " + path + " is safetensors where GGUF is needed.");
    }

    static GgufFile of(MappedFile file) {
        return new GgufFile(file, GgufHeader.read(file));
    }

    /** The key-value header. */
    public GgufMetadata metadata() {
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
