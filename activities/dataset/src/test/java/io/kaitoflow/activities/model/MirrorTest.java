package io.kaitoflow.activities.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.source.ImageFolders;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation's own registry of models. */
class MirrorTest {

    private static final Preset TINY = ModelFixture.preset(
            new ModelSource.Hub("maker/tiny", "0123456789abcdef0123456789abcdef01234567", List.of()));

    @TempDir
    private Path folder = Path.of("");

    private final List<String> asked = new ArrayList<>();

    @Test
    void itIsAskedBeforeAnySourceOfTheCatalogue() {
        FetchedModel model = fetch((image, secrets, inside, target, listener) -> {
            asked.add(image + " " + inside);
            write(target.resolve("tiny.gguf"));
        });

        assertThat(asked).containsExactly("registry.example/models/tiny:latest /weights");
        assertThat(model.path()).hasFileName("tiny.gguf").hasContent("weights");
    }

    @Test
    void whatItLacksIsLookedForInTheCataloguesSources() {
        assertThatThrownBy(() -> fetch((image, secrets, inside, target, listener) -> {
                    throw new ModelException.Unavailable("it is not there", null);
                }))
                .isInstanceOf(ModelException.Unavailable.class)
                .hasMessageContaining("image registry.example/models/tiny:latest: it is not there")
                .hasMessageContaining("hub repository maker/tiny");
    }

    @Test
    void aCallerWhoWantsNoMoreIsNoSourceThatFailed() {
        assertThatThrownBy(() -> fetch((image, secrets, inside, target, listener) -> {
                    throw new IllegalStateException("cancelled");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cancelled");
    }

    @Test
    void anEnvironmentWithoutItMeansNone() {
        assertThat(ModelSettings.of(folder, Map.of("KAITOFLOW_MODEL_MIRROR", " "))
                        .sources(TINY))
                .isEqualTo(TINY.sources());
    }

    private FetchedModel fetch(ImageFolders images) {
        ModelSettings settings = new ModelSettings(
                folder,
                URI.create("http://127.0.0.1:1"),
                List.of("python-that-is-not-there"),
                Optional.empty(),
                Optional.of("registry.example/models"));
        return new ModelStore(settings, images).fetch(TINY, Optional.empty(), ProgressListener.silent());
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "weights");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
