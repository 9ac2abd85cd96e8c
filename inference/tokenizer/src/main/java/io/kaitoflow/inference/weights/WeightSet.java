package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of a model, whether they lie in one file or in several shards. Closing it closes the files. */
public final class WeightSet implements AutoCloseable {

    private final List<WeightFile> files;
    private final Map<String, WeightFile> fileOf = new LinkedHashMap<>();

    private WeightSet(List<WeightFile> files) {
        this.files = files;
        for (WeightFile file : files) {
            for (TensorEntry entry : file.tensors()) {
                WeightFile other = fileOf.put(entry.name(), file);
                if (other != null) {
                    throw new WeightFileException.Damaged("The tensor " + entry.name() + " is in " + other.path()
                            + " and in " + file.path() + ". Fetch the model again.");
                }
            }
        }
    }

    /** @throws WeightFileException if a file cannot be opened or two hold a tensor of the same name */
    public static WeightSet open(List<Path> paths) {
        List<WeightFile> opened = new ArrayList<>();
        try {
            paths.forEach(path -> opened.add(WeightFile.open(path)));
            return new WeightSet(List.copyOf(opened));
        } catch (RuntimeException e) {
            opened.forEach(WeightFile::close);
            throw e;
        }
    }

    /** The files in the order given. */
    public List<WeightFile> files() {
        return files;
    }

    /** All tensor names, file by file. */
    public Set<String> names() {
        return Set.copyOf(fileOf.keySet());
    }

    public boolean has(String name) {
        return fileOf.containsKey(name);
    }

    /** @throws WeightFileException.NotFound naming the nearest names that exist */
    public TensorEntry tensor(String name) {
        return file(name).tensor(name);
    }

    /** The tensor's bytes in its mapped file, valid until this set is closed. */
    public MemorySegment bytes(String name) {
        WeightFile file = file(name);
        return file.bytes(file.tensor(name));
    }

    /** All elements as float32, row-major. */
    public float[] floats(String name) {
        WeightFile file = file(name);
        return file.floats(file.tensor(name));
    }

    private WeightFile file(String name) {
        WeightFile file = fileOf.get(name);
        if (file == null) {
            throw new WeightFileException.NotFound("No tensor \"" + name + "\" in " + place() + "; "
                    + NearestNames.sentence(name, fileOf.keySet())
                    + " The configuration calls for it; fetch the model again.");
        }
        return file;
    }

    private String place() {
        return switch (files.size()) {
            case 0 -> "a model without weight files";
            case 1 -> files.getFirst().path().toString();
            default ->
                "the " + files.size() + " weight files of "
                        + files.getFirst().path().getParent();
        };
    }

    @Override
    public void close() {
        files.forEach(WeightFile::close);
    }
}
