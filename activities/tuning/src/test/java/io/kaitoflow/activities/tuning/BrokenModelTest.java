package io.kaitoflow.activities.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.base.FrozenModel.Form;
import io.kaitoflow.activities.tuning.qlora.TrainingException;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is wrong with a base model is said before the first step, with the tensor or the file, and is not tried again. Run with
 * -Dgolden.rewrite=true to write the words anew.
 */
class BrokenModelTest {

    private static final Path WORDS =
            Path.of("src", "test", "resources", "io", "kaitoflow", "activities", "tuning", "broken-models.txt");

    /** What is wrong, then what helps. */
    private static final String SENTENCES = "(?s).+[.;] .+\\.";

    @TempDir
    private Path folder;

    private static FrozenModel load(Path model, Form form) {
        return TuningRuns.load(model, form, ComputeDevice.CPU, ComputeType.FLOAT32);
    }

    @Test
    void aSoundModelIsLoaded() throws IOException {
        try (FrozenModel model = load(new SmallFolder(folder).write(), Form.NF4)) {
            assertThat(model.linearBytes()).isPositive();
        }
    }

    @Test
    void aSoundModelInShardsIsLoaded() throws IOException {
        try (FrozenModel model = load(new SmallFolder(folder).writeShards().path(), Form.NF4)) {
            assertThat(model.linearBytes()).isPositive();
        }
    }

    @Test
    void everyFaultIsAnsweredAsWritten() throws IOException {
        StringBuilder words = new StringBuilder();
        for (Map.Entry<String, BrokenModels.Fault> fault : BrokenModels.all().entrySet()) {
            Path place = Files.createDirectory(folder.resolve("m" + words.length()));
            String said = refused(fault.getValue().in(place)).replace(place.toString(), "MODEL");
            assertThat(said).as(fault.getKey()).matches(SENTENCES);
            words.append(fault.getKey()).append("\n  ").append(said).append("\n");
        }

        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(WORDS, words);
        }
        assertThat(words).hasToString(Files.readString(WORDS));
    }

    private static String refused(Path model) {
        TrainingException.UnusableModel refusal =
                catchThrowableOfType(TrainingException.UnusableModel.class, () -> load(model, Form.NF4));
        assertThat(refusal).as("refusal of " + model).isNotNull();
        assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_REQUEST).matches(kind -> !kind.retryable());
        return String.valueOf(refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.0.mlp.up_proj.weight, DENSE, NaN",
        "model.layers.0.self_attn.q_proj.weight, NF4_DOUBLE_QUANTISED, -Infinity",
    })
    void valuesThatAreNoNumbersAreSeenInEveryForm(String tensor, Form form, float value) throws IOException {
        Path model = new SmallFolder(folder).with(tensor, 5, value).write();

        assertThatThrownBy(() -> load(model, form))
                .isInstanceOf(TrainingException.UnusableModel.class)
                .hasMessageContainingAll(tensor, "no finite numbers", "Fetch the model");
    }
}
