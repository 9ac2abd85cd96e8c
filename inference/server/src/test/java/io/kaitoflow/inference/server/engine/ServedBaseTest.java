package io.kaitoflow.inference.server.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedBaseTest {

    private static final ServedBase BASE = base("tiny", Optional.of("sha256:aa"));

    @TempDir
    private Path adapter;

    private static ServedBase base(String name, Optional<String> digest) {
        return new ServedBase(Path.of("model.gguf"), name, digest);
    }

    private void trainedOn(String model, String weights) throws IOException {
        Files.writeString(
                adapter.resolve("kaitoflow.json"),
                "{\"kaitoflow.base_model\":\"" + model + "\",\"kaitoflow.base_weights\":\"" + weights + "\"}");
    }

    @Test
    void anAdapterOfTheSameWeightsIsServedWhateverTheyAreCalled() throws IOException {
        trainedOn("another-name", "sha256:aa");

        assertThatCode(() -> BASE.judge(adapter)).doesNotThrowAnyException();
    }

    @Test
    void anAdapterOfAnotherFormOfTheModelIsServed() throws IOException {
        trainedOn("tiny", "sha256:bb");

        assertThatCode(() -> BASE.judge(adapter)).doesNotThrowAnyException();
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedByName() throws IOException {
        trainedOn("huge", "sha256:bb");

        assertThatThrownBy(() -> BASE.judge(adapter))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("trained on huge (sha256:bb)")
                .hasMessageContaining("serves tiny");
    }

    @Test
    void whatNobodyKnowsIsNotJudged() throws IOException {
        assertThatCode(() -> BASE.judge(adapter)).doesNotThrowAnyException();
        trainedOn("huge", "sha256:bb");

        assertThatCode(() -> base("tiny", Optional.empty()).judge(adapter)).doesNotThrowAnyException();
    }
}
