package io.kaitoflow.inference.weights;

import java.nio.file.Path;

/** A GGUF file: tensors under the names that llama.cpp gives them, and a header that describes model and tokenizer. */
public final class GgufFile extends WeightFile {

    private final GgufMetadata metadata;

    private GgufFile(MappedFile file, GgufHeader header) {
        super(file, header.tensors());
        this.metadata = header.metadata();
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
}
