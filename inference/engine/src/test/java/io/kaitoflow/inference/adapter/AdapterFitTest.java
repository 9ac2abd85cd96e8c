package io.kaitoflow.inference.adapter;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.weights.WeightFileException;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.PresetCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFitTest {

    private static final Path CONFIGURATION = Reference.path("peft/adapter").resolve("adapter_config.json");
    private static final Path WEIGHTS = Reference.path("peft/adapter").resolve("adapter_model.safetensors");

    private static AdapterFit fit(String preset) {
        ModelShape shape = PresetCatalogue.load().find(preset).orElseThrow().shape();
        return new AdapterFit(preset, shape);
    }

    @Test
    void anAdapterFitsTheModelThatItWasTrainedOn() {
        assertThatCode(() -> fit("smollm2-135m-instruct").check(CONFIGURATION, WEIGHTS))
                .doesNotThrowAnyException();
    }

    @Test
    void anAdapterOfAnotherModelIsNamedWithTheMatrixThatDoesNotFit() {
        assertThatThrownBy(() -> fit("phi-3-mini-128k-instruct").check(CONFIGURATION, WEIGHTS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("does not fit phi-3-mini-128k-instruct")
                .hasMessageContaining("lora_A has 576 columns where 3072 are needed")
                .hasMessageContaining("Name the base model that the adapter was trained on.");
    }

    @Test
    void anAdapterOfMoreLayersDoesNotFit() {
        ModelShape all = fit("smollm2-135m-instruct").shape();
        ModelShape fewer = new ModelShape(
                all.layers() - 1,
                all.hidden(),
                all.heads(),
                all.keyValueHeads(),
                all.headSize(),
                all.intermediate(),
                all.vocabulary(),
                all.tiedEmbeddings());

        assertThatThrownBy(() -> new AdapterFit("shorter", fewer).check(CONFIGURATION, WEIGHTS))
                .hasMessageContaining("is of a layer that the model, which has 29, does not have");
    }

    @Test
    void aRankThatIsNotThatOfTheMatricesIsNamed(@TempDir Path folder) throws IOException {
        Path other = Files.writeString(folder.resolve("adapter_config.json"), "{\"r\": 8}");

        assertThatThrownBy(() -> fit("smollm2-135m-instruct").check(other, WEIGHTS))
                .hasMessageContaining("has 4 rows where 8 are needed");
    }

    @Test
    void whatIsNoSafetensorsIsNamed(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("adapter_model.safetensors"), "version https://git-lfs");

        assertThatThrownBy(() -> fit("smollm2-135m-instruct").check(CONFIGURATION, broken))
                .isInstanceOf(WeightFileException.class);
    }
}
