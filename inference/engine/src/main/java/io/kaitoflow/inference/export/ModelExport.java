package io.kaitoflow.inference.export;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.weights.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes a tuned model into files that other programs read. Merging is done in float32 over the base's own weights, never over
 * quantised ones that were only made for training, and rounded once.
 *
 * @param model the base: a GGUF file, or a folder with {@code config.json} and safetensors
 * @param adapter folder in PEFT's layout
 * @param type of the merged weights: F32, F16 or BF16; when absent as the base has them, or BF16 where those are quantised
 */
public record ModelExport(Path model, Path adapter, Optional<ElementType> type) {

    /** What is written. */
    public enum Form {
        /** A folder as the model hub lays it out, for transformers, vLLM and converters. */
        SAFETENSORS,
        /** One file for llama.cpp. */
        GGUF,
        /** The adapter alone, which llama.cpp adds to a GGUF of the base. */
        GGUF_ADAPTER
    }

    /**
     * Writes into a place where nothing is yet.
     *
     * @param target a folder for safetensors, else a file; its parents are made
     * @throws ModelException if there is something already, the adapter does not fit, or the form cannot hold the model
     * @throws io.kaitoflow.inference.weights.WeightFileException if a file cannot be read or written
     */
    public void write(Form form, Path target) throws IOException {
        requireFree(target);
        ModelFiles files = ModelFiles.at(model);
        LoraAdapter lora = LoraAdapter.read(adapter);
        try (Checkpoint base = Checkpoint.open(model)) {
            if (target.toAbsolutePath().getParent() != null) {
                Files.createDirectories(target.toAbsolutePath().getParent());
            }
            switch (form) {
                case SAFETENSORS -> new SafetensorsExport(files, base, new MergedModel(base, lora), type).write(target);
                case GGUF -> new GgufExport(files, base, new MergedModel(base, lora), type).write(target);
                case GGUF_ADAPTER -> new GgufAdapterExport(base.configuration(), lora).write(target);
            }
        }
    }

    private static void requireFree(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            try (Stream<Path> held = Files.list(target)) {
                if (held.findAny().isEmpty()) {
                    return;
                }
            }
        }
        if (Files.exists(target)) {
            throw new ModelException("There is something at " + target + " already. Remove it, or name another place.");
        }
    }
}
