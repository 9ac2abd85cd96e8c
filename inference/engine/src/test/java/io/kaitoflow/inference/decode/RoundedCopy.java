package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A model with its weights in bfloat16, as models lie on the hub. */
public final class RoundedCopy {
    private RoundedCopy() {}

    public static Path write(Path model, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(model.resolve("config.json"), folder.resolve("config.json"));
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            for (String name : checkpoint.names()) {
                writer.add(name, ElementType.BF16, checkpoint.shape(name), upperHalves(checkpoint.read(name)));
            }
        }
        writer.write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static MemorySegment upperHalves(float[] values) {
        MemorySegment bytes = Arena.ofAuto().allocate((long) Short.BYTES * values.length, Short.BYTES);
        for (int i = 0; i < values.length; i++) {
            bytes.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
        }
        return bytes;
    }
}
