package io.kaitoflow.activities.tuning.qlora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import io.kaitoflow.workflows.request.QloraRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an adapter as PEFT saves and loads it: {@code adapter_config.json} and {@code adapter_model.safetensors}. What it
 * was trained on stands in {@code kaitoflow.json} and among the tensors' metadata, where PEFT does not look; in its own
 * configuration PEFT refuses keys that it does not know.
 */
public final class AdapterFiles {

    /** PEFT's name of the tensors' file. */
    public static final String TENSORS = "adapter_model.safetensors";

    /** PEFT's name of the settings' file. */
    public static final String CONFIGURATION = "adapter_config.json";

    private static final String ORIGIN = "kaitoflow.json";

    private AdapterFiles() {}

    /**
     * Writes all files into a folder, which is made if it is not there. Equal adapters give equal bytes.
     *
     * @throws io.kaitoflow.inference.weights.WeightFileException.Unwritable if the tensors cannot be written
     * @throws UncheckedIOException if the texts cannot be written
     */
    public static void write(Path folder, Adapter adapter, QloraRecipe recipe, AdapterOrigin origin) {
        List<String> targets = adapter.layout().modules().stream()
                .map(module -> module.part().shortName())
                .toList();
        try {
            Files.createDirectories(folder);
            tensors(adapter, origin).write(folder.resolve(TENSORS));
            Files.writeString(folder.resolve(CONFIGURATION), PeftConfiguration.of(recipe, targets, origin.baseModel()));
            Files.writeString(folder.resolve(ORIGIN), json(origin));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the adapter into " + folder + ". Make room on that disk.", e);
        }
    }

    private static SafetensorsWriter tensors(Adapter adapter, AdapterOrigin origin) {
        Map<String, String> metadata = new TreeMap<>(origin.texts());
        metadata.put("format", "pt");
        SafetensorsWriter writer = new SafetensorsWriter(metadata);
        long rank = adapter.layout().rank();
        for (int block = 0; block < adapter.blocks(); block++) {
            for (LoraLayout.Module module : adapter.layout().modules()) {
                LinearPart part = module.part();
                String prefix = "base_model.model.model.layers." + block + "." + part.name();
                writer.add(
                        prefix + ".lora_A.weight",
                        ElementType.F32,
                        List.of(rank, (long) part.columns()),
                        adapter.a(block, module));
                writer.add(
                        prefix + ".lora_B.weight",
                        ElementType.F32,
                        List.of((long) part.rows(), rank),
                        adapter.b(block, module));
            }
        }
        return writer;
    }

    private static String json(AdapterOrigin origin) throws JsonProcessingException {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(origin.texts());
    }
}
