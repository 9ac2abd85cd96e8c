package io.kaitoflow.activities.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.base.FrozenModel.Form;
import io.kaitoflow.activities.tuning.qlora.TrainingException;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a base model is said before the first step, with the tensor, and is not tried again. */
class BrokenModelTest {

    private static final String UP = "model.layers.0.mlp.up_proj.weight";

    @TempDir
    private Path folder;

    private static void assertRefused(Path model, Form form, String... words) {
        assertThatThrownBy(() -> TuningRuns.load(model, form, ComputeDevice.CPU, ComputeType.FLOAT32))
                .isInstanceOf(TrainingException.UnusableModel.class)
                .hasMessageContainingAll(words)
                .satisfies(thrown -> assertThat(((TrainingException) thrown).kind())
                        .isEqualTo(FailureKind.INVALID_REQUEST)
                        .matches(kind -> !kind.retryable()));
    }

    @Test
    void aSoundModelIsLoaded() throws IOException {
        try (FrozenModel model =
                TuningRuns.load(new SmallFolder(folder).write(), Form.NF4, ComputeDevice.CPU, ComputeType.FLOAT32)) {
            assertThat(model.linearBytes()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.0.mlp.up_proj.weight, NF4, NaN",
        "model.layers.0.mlp.up_proj.weight, DENSE, NaN",
        "model.layers.0.self_attn.q_proj.weight, NF4_DOUBLE_QUANTISED, -Infinity",
        "model.embed_tokens.weight, NF4, Infinity",
        "model.norm.weight, NF4, NaN"
    })
    void valuesThatAreNoNumbersAreNamedWithTheirTensor(String tensor, Form form, float value) throws IOException {
        assertRefused(
                new SmallFolder(folder).with(tensor, 5, value).write(),
                form,
                tensor,
                "no finite numbers",
                "Fetch the model");
    }

    @Test
    void aBlocksNormIsNamedWithItsBlock() throws IOException {
        assertRefused(
                new SmallFolder(folder)
                        .with("model.layers.0.input_layernorm.weight", 0, Float.NaN)
                        .write(),
                Form.NF4,
                "ATTENTION_NORM of block 0");
    }

    @Test
    void aTensorThatIsNotThereIsNamed() throws IOException {
        assertRefused(new SmallFolder(folder).without(UP).write(), Form.NF4, UP);
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBoth() throws IOException {
        assertRefused(
                new SmallFolder(folder).put(UP, new float[32 * 64], 32, 64).write(),
                Form.NF4,
                UP,
                "[32, 64]",
                "[64, 64]",
                "fetch the model again");
    }

    @Test
    void aFileThatWasCutShortIsNamed() throws IOException {
        Path model = new SmallFolder(folder).write();
        Path file = model.resolve("model.safetensors");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 100);
        }

        assertRefused(model, Form.NF4, file.toString());
    }
}
