package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.download.DownloadSettings;
import io.kaitoflow.activities.dataset.source.ImageFolders;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Small presets and an impatient store. */
final class ModelFixture {

    private ModelFixture() {}

    static Preset preset(ModelSource... sources) {
        ModelShape shape = new ModelShape(1, 1, 1, 1, 1, 1, 1, true);
        return new Preset("tiny", "llama", shape, 8, List.of(), List.of(sources), "Apache-2.0", false, true);
    }

    static ModelStore store(Path cache, URI hub, List<String> python) {
        DownloadSettings hasty = new DownloadSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                2,
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                ByteSize.ofMebibytes(1));
        return new ModelStore(
                new ModelSettings(cache, hub, python, Optional.of(cache.resolve("wheels"))), hasty, noImages());
    }

    private static ImageFolders noImages() {
        return (image, secrets, folder, target, listener) -> {
            throw new ModelException.Unavailable("there is no registry here", null);
        };
    }
}
