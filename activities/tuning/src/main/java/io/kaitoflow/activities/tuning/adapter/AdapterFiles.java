package io.kaitoflow.activities.tuning.adapter;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.SafetensorsWriter;
import io.kaitoflow.inference.weights.WeightFile;
import io.kaitoflow.workflows.request.QloraRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes and reads an adapter as PEFT saves and loads it: {@code adapter_config.json} and {@code adapter_model.safetensors}. What it
 * was trained on stands in {@code kaitoflow.json} and among the tensors' metadata, where PEFT does not look; in its own
 * configuration PEFT refuses keys that it does not know.
 */
public final class AdapterFiles {

    /** PEFT's name of the tensors' file. */
    public static final String TENSORS = "adapter_model.safetensors";

    /** PEFT's name of the settings' file. */
    public static final String CONFIGURATION = "adapter_config.json";

    private static final String ORIGIN = "kaitoflow.json";
    private static final String LORA_A = ".lora_A.weight";
    private static final String LORA_B = ".lora_B.weight";

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
        adapter.values().pull();
        try {
            Files.createDirectories(folder);
            tensors(adapter, origin).write(folder.resolve(TENSORS));
            Files.writeString(folder.resolve(CONFIGURATION), PeftConfiguration.of(recipe, targets, origin.baseModel()));
            Files.writeString(folder.resolve(ORIGIN), json(origin));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the adapter into " + folder + ". Make room on that disk.", e);
        }
    }

    /**
     * Reads the tensors of such a folder into an adapter of the same layout.
     *
     * @throws io.kaitoflow.inference.weights.WeightFileException if the file is damaged or lacks a tensor
     * @throws IllegalArgumentException if a tensor has another shape
     */
    public static void read(Path folder, Adapter target) {
        try (WeightFile file = WeightFile.open(folder.resolve(TENSORS))) {
            forEachModule(target, (prefix, block, module) -> {
                copy(file, prefix + LORA_A, target.a(block, module));
                copy(file, prefix + LORA_B, target.b(block, module));
            });
        }
    }

    private static void copy(WeightFile file, String name, MemorySegment target) {
        float[] values = file.floats(file.tensor(name));
        if ((long) values.length * Float.BYTES != target.byteSize()) {
            throw new IllegalArgumentException(
                    "The tensor " + name + " of " + file.path() + " has " + values.length + " elements where "
                            + target.byteSize() / Float.BYTES + " belong. It is of another rank or model.");
        }
        MemorySegment.copy(values, 0, target, JAVA_FLOAT, 0, values.length);
    }

    private static SafetensorsWriter tensors(Adapter adapter, AdapterOrigin origin) {
        Map<String, String> metadata = new TreeMap<>(origin.texts());
        metadata.put("format", "pt");
        SafetensorsWriter writer = new SafetensorsWriter(metadata);
        long rank = adapter.layout().rank();
        forEachModule(adapter, (prefix, block, module) -> {
            List<Long> shapeOfA = List.of(rank, (long) module.part().columns());
            List<Long> shapeOfB = List.of((long) module.part().rows(), rank);
            writer.add(prefix + LORA_A, ElementType.F32, shapeOfA, adapter.a(block, module));
            writer.add(prefix + LORA_B, ElementType.F32, shapeOfB, adapter.b(block, module));
        });
        return writer;
    }

    private interface ModuleVisitor {
        void visit(String prefix, int block, LoraLayout.Module module);
    }

    private static void forEachModule(Adapter adapter, ModuleVisitor visitor) {
        for (int block = 0; block < adapter.blocks(); block++) {
            for (LoraLayout.Module module : adapter.layout().modules()) {
                String path = "model.layers." + block + "." + module.part().name();
                visitor.visit("base_model.model." + path, block, module);
            }
        }
    }

    private static String json(AdapterOrigin origin) throws JsonProcessingException {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(origin.texts());
    }
}
