package io.kaitoflow.inference.export;

import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.files.GgufLayout;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.GgufWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A small model of the llama family as a GGUF file without a tokenizer. */
final class TinyGguf {
    private TinyGguf() {}

    static Path write(Path file, Path folder) {
        try (Checkpoint source = Checkpoint.open(folder)) {
            ModelConfiguration model = source.configuration();
            GgufWriter writer = new GgufWriter()
                    .text("general.architecture", "llama")
                    .whole("general.file_type", 0)
                    .whole("llama.embedding_length", model.hiddenSize())
                    .whole("llama.attention.head_count", model.heads())
                    .whole("llama.attention.head_count_kv", model.keyValueHeads())
                    .whole("llama.attention.key_length", model.headSize())
                    .whole("llama.feed_forward_length", model.intermediateSize())
                    .whole("llama.block_count", model.layers())
                    .whole("llama.context_length", model.maximumPositions())
                    .real("llama.attention.layer_norm_rms_epsilon", (float) model.normEpsilon())
                    .real("llama.rope.freq_base", (float) model.rotary().theta());
            source.names()
                    .forEach(name -> writer.tensor(
                            GgufLayout.storedName(name),
                            ElementType.F32,
                            source.shape(name),
                            scratch -> stored(source, name, scratch)));
            writer.write(file);
        }
        return file;
    }

    private static MemorySegment stored(Checkpoint source, String name, Arena scratch) {
        ModelConfiguration model = source.configuration();
        float[] values = source.read(name);
        MemorySegment bytes = scratch.allocate((long) values.length * Float.BYTES, Float.BYTES);
        boolean reordered = GgufLayout.isReordered(model.architecture(), name);
        int columns = Math.toIntExact(source.shape(name).getLast());
        for (int i = 0; i < values.length; i++) {
            long row = reordered ? GgufLayout.storedRow(i / columns, model.headSize()) : i / columns;
            FloatBytes.write(bytes, ElementType.F32, row * columns + i % columns, new float[] {values[i]}, 1);
        }
        return bytes;
    }
}
