package io.kaitoflow.inference.export;

import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.files.GgufLayout;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.GgufFile;
import io.kaitoflow.inference.weights.GgufWriter;
import io.kaitoflow.inference.weights.TensorEntry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The base's GGUF file with the changed matrices in their places; header, tokenizer and all other tensors stay as they are. */
final class GgufExport {
    private static final String FILE_TYPE = "general.file_type";

    /** What the writer decides itself. */
    private static final Set<String> OWN_KEYS = Set.of(FILE_TYPE, "general.alignment");

    private final ModelFiles files;
    private final Checkpoint base;
    private final MergedModel merged;
    private final ElementType type;

    GgufExport(ModelFiles files, Checkpoint base, MergedModel merged, Optional<ElementType> type) {
        if (files.configuration().isPresent()) {
            throw new ModelException("A merged GGUF is made from a GGUF of the base, and " + files.path()
                    + " is a folder of safetensors. Export as safetensors and convert that folder with llama.cpp's"
                    + " convert_hf_to_gguf.py, or export the adapter alone.");
        }
        this.files = files;
        this.base = base;
        this.merged = merged;
        this.type = type.orElse(ElementType.BF16);
    }

    void write(Path target) {
        try (GgufFile source = GgufFile.open(files.weightFiles().getFirst())) {
            GgufWriter writer = new GgufWriter();
            source.metadata().keys().stream()
                    .filter(key -> !OWN_KEYS.contains(key))
                    .forEach(key -> writer.copy(source.metadata(), key));
            writer.whole(FILE_TYPE, fileType());
            source.tensors().forEach(entry -> add(writer, source, entry));
            writer.write(target);
        }
    }

    private void add(GgufWriter writer, GgufFile source, TensorEntry entry) {
        String name = GgufLayout.publicName(entry.name());
        if (merged.changes(name)) {
            writer.tensor(
                    entry.name(),
                    type,
                    entry.shape(),
                    scratch -> merged.bytes(name, type, base.stored(name).rowOrder(), scratch));
        } else {
            writer.tensor(entry.name(), entry.type(), entry.shape(), scratch -> source.bytes(entry));
        }
    }

    /** llama.cpp's number for a file whose matrices are mostly of this type. */
    private int fileType() {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case BF16 -> 32;
            case F64, I64, I32, I16, I8, U8, BOOL, Q4_0, Q4_1, Q8_0 ->
                throw new ModelException("Merged weights are written as F32, F16 or BF16, not as " + type + ".");
        };
    }
}
