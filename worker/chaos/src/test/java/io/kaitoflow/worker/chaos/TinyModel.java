package io.kaitoflow.worker.chaos;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.model.ModelSettings;
import io.kaitoflow.activities.model.ModelStore;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A llama of three small blocks in a node's model cache, where a preset of the catalogue would be: tuners take it for what a company's
 * mirror gave. A token is one Chinese character.
 */
final class TinyModel {

    static final String PRESET = "smollm2-135m-instruct";

    /** The mirror that it is said to come from; nobody is there, and nobody need be. */
    static final String MIRROR = "mirror.invalid/models";

    private static final Path FILES =
            Path.of("..", "..", "inference", "server", "src", "test", "resources", "tiny-llama");
    private static final int TOKENS = 256;
    private static final int FIRST = 0x4E00;
    private static final int SPECIAL = 3;
    private static final int EOS = 2;

    private TinyModel() {}

    /** Puts it into a cache. */
    static void into(Path cache) {
        Preset preset = PresetCatalogue.load().find(PRESET).orElseThrow();
        ModelSettings settings = new ModelSettings(
                cache, URI.create("http://127.0.0.1:9"), List.of("python3"), Optional.empty(), Optional.of(MIRROR));
        new ModelStore(settings, (image, secrets, inside, target, listener) -> write(target))
                .fetch(preset, Optional.empty(), ProgressListener.silent());
    }

    /** A text of so many tokens. */
    static String text(int row, int length) {
        return IntStream.range(0, length)
                .map(i -> SPECIAL + (row * 7 + i * i) % (TOKENS - SPECIAL))
                .mapToObj(TinyModel::character)
                .collect(Collectors.joining());
    }

    private static void write(Path folder) {
        try {
            for (String name : List.of("config.json", "model.safetensors")) {
                Files.copy(FILES.resolve(name), folder.resolve(name));
            }
            Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
            Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"" + character(EOS) + "\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String character(int token) {
        return Character.toString(FIRST + token);
    }

    private static String tokenizer() {
        String vocabulary = IntStream.range(0, TOKENS)
                .mapToObj(id -> "\"" + character(id) + "\": " + id)
                .collect(Collectors.joining(", "));
        return """
                {"version": "1.0",
                 "added_tokens": [{"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true}],
                 "decoder": {"type": "Fuse"},
                 "model": {"type": "BPE", "vocab": {%s}, "merges": []}}
                """.formatted(EOS, character(EOS), vocabulary);
    }
}
