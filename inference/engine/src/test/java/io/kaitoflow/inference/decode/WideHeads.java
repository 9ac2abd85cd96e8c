package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small random model with heads that are wider than it is, as those of Gemma are wide. */
public final class WideHeads {
    private static final int WAS = 16;

    private WideHeads() {}

    /** @param model with heads of 16 dimensions */
    public static Path write(Path model, int headSize, Path folder) throws IOException {
        Files.createDirectories(folder);
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"), config.replace("\"head_dim\": " + WAS, "\"head_dim\": " + headSize));
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        Random random = new Random(5);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            for (String name : checkpoint.names()) {
                List<Long> shape = checkpoint.shape(name);
                List<Long> wide = name.contains("self_attn") ? widened(name, shape, headSize / WAS) : shape;
                int count = Math.toIntExact(wide.stream().reduce(1L, Math::multiplyExact));
                writer.add(name, wide, wide.equals(shape) ? checkpoint.read(name) : values(random, count));
            }
        }
        writer.write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static List<Long> widened(String name, List<Long> shape, int times) {
        return name.contains("o_proj")
                ? List.of(shape.getFirst(), shape.getLast() * times)
                : shape.size() == 1
                        ? List.of(shape.getFirst() * times)
                        : List.of(shape.getFirst() * times, shape.getLast());
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 0.1);
        }
        return values;
    }
}
