package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A memory-mapped file of named tensors, checked whole when opened, so that every entry lies inside the file. Safe for
 * use by many threads until it is closed; segments that it handed out die with it.
 */
public abstract sealed class WeightFile implements AutoCloseable permits GgufFile, SafetensorsFile {

    private final MappedFile file;
    private final TensorTable table;

    WeightFile(MappedFile file, List<TensorEntry> tensors) {
        this.file = file;
        this.table = new TensorTable(file, tensors);
    }

    /**
     * Opens a GGUF or safetensors file, whichever its content says.
     *
     * @throws WeightFileException if it cannot be read, is damaged, or is of another format
     */
    public static WeightFile open(Path path) {
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
    public Path path() {
        return file.path();
    }

    /** Every tensor, in the file's own order. */
    public List<TensorEntry> tensors() {
        return table.entries();
    }

    /**
     * The tensor of this name.
     *
     * @throws WeightFileException.NotFound naming the nearest names that exist
     */
    public TensorEntry tensor(String name) {
        return table.get(name);
    }

    /** Whether a tensor of this name exists. */
    public boolean has(String name) {
        return table.has(name);
    }

    /** The tensor's bytes in the mapped file, read-only, valid until this file is closed. */
    public MemorySegment bytes(TensorEntry entry) {
        return table.bytes(entry);
    }

    /**
     * All elements of a tensor as float32, row-major.
     *
     * @throws WeightFileException.Unsupported if they do not fit a Java array
     */
    public float[] floats(TensorEntry entry) {
        if (entry.elements() > Integer.MAX_VALUE - 8) {
            throw new WeightFileException.Unsupported("Cannot read " + entry.name() + " of " + path()
                    + " as one array: it has " + entry.elements() + " elements. Read it in ranges with Dequantiser.");
        }
        float[] values = new float[(int) entry.elements()];
        Dequantiser.read(bytes(entry), entry.type(), 0, values, values.length);
        return values;
    }

    @Override
    public void close() {
        file.close();
    }
}
