package io.kaitoflow.inference.export;

import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An adapter in PEFT's layout for every linear module of a model, large enough to change its answers. */
public final class RandomAdapter {
    static final int RANK = 3;
    static final double SCALING = 5 / Math.sqrt(RANK);

    private RandomAdapter() {}

    public static Path write(Path folder, ModelConfiguration model) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"r\": " + RANK + ", \"lora_alpha\": 5, \"use_rslora\": true}");
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        Random random = new Random(7);
        for (int layer = 0; layer < model.layers(); layer++) {
            for (LinearPart part : model.linearParts()) {
                String name = "base_model.model.model.layers." + layer + "." + part.name();
                writer.add(
                        name + ".lora_A.weight",
                        List.of((long) RANK, (long) part.columns()),
                        values(random, RANK * part.columns()));
                writer.add(
                        name + ".lora_B.weight",
                        List.of((long) part.rows(), (long) RANK),
                        values(random, RANK * part.rows()));
            }
        }
        writer.write(folder.resolve("adapter_model.safetensors"));
        return folder;
    }

    private static float[] values(Random random, int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 0.05);
        }
        return values;
    }
}
