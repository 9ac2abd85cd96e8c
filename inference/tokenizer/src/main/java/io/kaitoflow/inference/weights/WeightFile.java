package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A memory-mapped file of named tensors, checked whole when opened, so that every entry lies inside the file. Safe for
 * use by many threads until it is closed; segments that it handed out die with it.
 */
public sealed interface WeightFile extends AutoCloseable permits GgufFile, SafetensorsFile {

    /**
     * Opens a GGUF or safetensors file, whichever its content says.
     *
     * @throws WeightFileException if it cannot be read, is damaged, or is of another format
     */
    static WeightFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return switch (FileFormat.of(file)) {
                case GGUF -> GgufFile.of(file);
                case SAFETENSORS -> SafetensorsFile.of(file);
            };
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The file as it was named when opened. */
    Path path();

    /** Every tensor, in the file's own order. */
    List<TensorEntry> tensors();

    /**
     * The tensor of this name.
     *
     * @throws WeightFileException.NotFound naming the nearest names that exist
     */
    TensorEntry tensor(String name);

    /** Whether a tensor of this name exists. */
    boolean has(String name);

    /** The tensor's bytes in the mapped file, read-only, valid until this file is closed. */
    MemorySegment bytes(TensorEntry entry);

    /**
     * All elements of a tensor as float32, row-major.
     *
     * @throws WeightFileException.Unsupported if they do not fit a Java array
     */
    default float[] floats(TensorEntry entry) {
        if (entry.elements() > Integer.MAX_VALUE - 8) {
            throw new WeightFileException.Unsupported("Cannot read " + entry.name() + " of " + path()
                    + " as one array: it has " + entry.elements() + " elements. Read it in ranges with Dequantiser.");
        }
        float[] values = new float[(int) entry.elements()];
        Dequantiser.read(bytes(entry), entry.type(), 0, values, values.length);
        return values;
    }

    @Override
    void close();
}
