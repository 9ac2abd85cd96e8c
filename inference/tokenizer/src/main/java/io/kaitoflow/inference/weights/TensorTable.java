package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of one mapped file by name, each checked to lie inside it. */
final class TensorTable {

    private final MappedFile file;
    private final Map<String, TensorEntry> byName = new LinkedHashMap<>();

    TensorTable(MappedFile file, List<TensorEntry> entries) {
        this.file = file;
        for (TensorEntry entry : entries) {
            requireInside(entry);
            if (byName.put(entry.name(), entry) != null) {
                throw new WeightFileException.Damaged(
                        file.path() + " lists the tensor " + entry.name() + " twice. Fetch the file again.");
            }
        }
    }

    List<TensorEntry> entries() {
        return new ArrayList<>(byName.values());
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    TensorEntry get(String name) {
        TensorEntry entry = byName.get(name);
        if (entry == null) {
            throw new WeightFileException.NotFound("No tensor \"" + name + "\" in " + file.path() + " (" + byName.size()
                    + " tensors); " + NearestNames.sentence(name, byName.keySet()));
        }
        return entry;
    }

    MemorySegment bytes(TensorEntry entry) {
        return file.bytes().asSlice(entry.offset(), entry.length());
    }

    private void requireInside(TensorEntry entry) {
        long end = entry.offset() + entry.length();
        if (entry.offset() < 0 || entry.length() < 0 || end < 0) {
            throw new WeightFileException.Damaged("The tensor " + entry.name() + " of " + file.path()
                    + " has an impossible place: offset " + entry.offset() + ", length " + entry.length()
                    + ". Fetch the file again.");
        }
        if (end > file.size()) {
            throw new WeightFileException.Damaged("The file " + file.path() + " is truncated: the tensor "
                    + entry.name() + " ends at byte " + end + " but the file has " + file.size()
                    + " bytes. The download was cut off; fetch it again.");
        }
    }
}
