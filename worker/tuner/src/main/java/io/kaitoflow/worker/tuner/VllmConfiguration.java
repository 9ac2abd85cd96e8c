package io.kaitoflow.worker.tuner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What vLLM reads with {@code --config}: model and adapters. Its adapters have no strength of their own, so one that counts less gets
 * a configuration of its own beside the same weights.
 *
 * @param folder of what is written
 */
record VllmConfiguration(Path folder) {

    /** An adapter as it was brought here. */
    record Brought(String name, Path folder, double strength) {}

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** vLLM takes no other greatest rank. */
    private static final List<Integer> RANKS = List.of(8, 16, 32, 64, 128, 256, 320, 512);

    private static final String ALPHA = "lora_alpha";

    /** In YAML, of which JSON is a part. */
    String write(Path model, List<Brought> adapters) throws IOException {
        ObjectNode configuration = JSON.createObjectNode().put("model", model.toString());
        if (!adapters.isEmpty()) {
            configuration.put("enable-lora", true);
            configuration.put("max-loras", adapters.size());
            configuration.put("max-lora-rank", greatestRank(adapters));
            ArrayNode modules = configuration.putArray("lora-modules");
            for (int i = 0; i < adapters.size(); i++) {
                Brought adapter = adapters.get(i);
                modules.add(JSON.createObjectNode()
                        .put("name", adapter.name())
                        .put(
                                "path",
                                counting(adapter, folder.resolve("scaled-" + i)).toString())
                        .toString());
            }
        }
        return configuration.toString();
    }

    private static int greatestRank(List<Brought> adapters) throws IOException {
        int needed = 1;
        for (Brought adapter : adapters) {
            needed = Math.max(needed, read(adapter).path("r").asInt());
        }
        int rank = needed;
        return RANKS.stream()
                .filter(allowed -> allowed >= rank)
                .findFirst()
                .orElseThrow(() -> new ImageException.NotAnAdapter(
                        "An adapter has rank " + rank + ", and vLLM serves at most " + RANKS.getLast() + "."));
    }

    /** A folder in which the adapter counts as much as it is to: its own, or one that is made for it. */
    private static Path counting(Brought adapter, Path made) throws IOException {
        if (adapter.strength() == 1) {
            return adapter.folder();
        }
        ObjectNode scaled = read(adapter);
        double alpha = scaled.path(ALPHA).asDouble(scaled.path("r").asDouble());
        scaled.put(ALPHA, alpha * adapter.strength());
        Files.createDirectories(made);
        Files.writeString(made.resolve(AdapterFiles.CONFIG), scaled.toString());
        Path weights = made.resolve(AdapterFiles.WEIGHTS);
        Files.deleteIfExists(weights);
        Files.createSymbolicLink(weights, adapter.folder().resolve(AdapterFiles.WEIGHTS));
        return made;
    }

    private static ObjectNode read(Brought adapter) throws IOException {
        JsonNode tree =
                JSON.readTree(adapter.folder().resolve(AdapterFiles.CONFIG).toFile());
        if (tree instanceof ObjectNode configuration) {
            return configuration;
        }
        throw new ImageException.NotAnAdapter(
                "The " + AdapterFiles.CONFIG + " of adapter " + adapter.name() + " is no JSON object.");
    }
}
