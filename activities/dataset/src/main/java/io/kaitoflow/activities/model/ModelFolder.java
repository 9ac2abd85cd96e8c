package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Where a model lies in the cache. Another source, revision or digest is another folder, so a new catalogue never takes
 * an old file for its own.
 *
 * @param path of the whole model
 */
record ModelFolder(Path path) {

    static ModelFolder of(Path cache, Preset preset, ModelSource source) {
        byte[] hash = Hashing.sha256().digest(source.toString().getBytes(StandardCharsets.UTF_8));
        String key = HexFormat.of().formatHex(hash, 0, 6);
        return new ModelFolder(cache.resolve(preset.name()).resolve(key));
    }

    /** Where its tokenizer lies when that was fetched alone. */
    ModelFolder tokenizerAlone() {
        return new ModelFolder(path.resolveSibling(path.getFileName() + "-tokenizer"));
    }

    /** Where it is put together. */
    Path staging() {
        return path.resolveSibling("." + path.getFileName() + ".staging");
    }
}
