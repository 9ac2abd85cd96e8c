package io.kaitoflow.inference.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A folder as the model hub lays it out, in shards where one file would be too large; a shard's tensors are in memory together. */
final class SafetensorsExport {
    private static final long SHARD_BYTES = 2L << 30;

    private final ModelFiles files;
    private final Checkpoint base;
    private final MergedModel merged;
    private final ElementType type;
    private final long shardBytes;

    SafetensorsExport(ModelFiles files, Checkpoint base, MergedModel merged, Optional<ElementType> type) {
        this(files, base, merged, type, SHARD_BYTES);
    }

    /** @param shardBytes most bytes of a shard; a tensor that is larger has one of its own */
    SafetensorsExport(
            ModelFiles files, Checkpoint base, MergedModel merged, Optional<ElementType> type, long shardBytes) {
        this.files = files;
        this.base = base;
        this.merged = merged;
        this.type = type.orElseGet(() -> stored(base));
        this.shardBytes = shardBytes;
    }

    private static ElementType stored(Checkpoint base) {
        ElementType embedding = base.stored(Checkpoint.EMBEDDING).type();
        return switch (embedding) {
            case F32, F16, BF16 -> embedding;
            case F64, I64, I32, I16, I8, U8, BOOL, Q4_0, Q4_1, Q8_0 -> ElementType.BF16;
        };
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<List<String>> shards = shards();
        ObjectNode places = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < shards.size(); i++) {
            String file = shards.size() == 1
                    ? "model.safetensors"
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            write(folder.resolve(file), shards.get(i));
            shards.get(i).forEach(tensor -> places.put(tensor, file));
        }
        if (shards.size() > 1) {
            writeIndex(folder, places);
        }
        files.describeTokensIn(folder);
        // Last, because a folder with a configuration is taken for a model.
        Files.writeString(
                folder.resolve("config.json"),
                new ExportedConfiguration(files, base.configuration(), type)
                        .json()
                        .toPrettyString());
    }

    private List<List<String>> shards() {
        List<List<String>> shards = new ArrayList<>();
        long room = 0;
        for (String tensor : base.names()) {
            long bytes = bytes(tensor);
            if (bytes > room || shards.isEmpty()) {
                shards.add(new ArrayList<>());
                room = shardBytes;
            }
            shards.getLast().add(tensor);
            room -= bytes;
        }
        return shards;
    }

    private void write(Path file, List<String> tensors) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        try (Arena shard = Arena.ofConfined()) {
            tensors.forEach(tensor -> writer.add(tensor, type, base.shape(tensor), merged.bytes(tensor, type, shard)));
            writer.write(file);
        }
    }

    private void writeIndex(Path folder, ObjectNode places) throws IOException {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata")
                .put("total_size", base.names().stream().mapToLong(this::bytes).sum());
        index.set("weight_map", places);
        Files.writeString(folder.resolve("model.safetensors.index.json"), index.toPrettyString());
    }

    private long bytes(String tensor) {
        return type.bytesFor(base.shape(tensor).stream().reduce(1L, Math::multiplyExact));
    }
}
