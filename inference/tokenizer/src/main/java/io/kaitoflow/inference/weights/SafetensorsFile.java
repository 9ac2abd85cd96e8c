package io.kaitoflow.inference.weights;

import java.nio.file.Path;
import java.util.Map;

/** A safetensors file: tensors under the names of the program that saved them, and a map of free text. */
public final class SafetensorsFile extends WeightFile {

    private final Map<String, String> metadata;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        super(file, header.tensors());
        this.metadata = header.metadata();
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
}
