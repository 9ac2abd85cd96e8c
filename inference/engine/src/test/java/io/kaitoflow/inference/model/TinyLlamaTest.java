package io.kaitoflow.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.tensor.ComputeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random llamas of three layers, with and without rope scaling, against the answers of the reference program. */
class TinyLlamaTest {
    private static final JsonNode EXPECTED =
            Reference.json("tiny/llama/logits.json").path("sequences");
    private static final int[] LONGEST = Reference.ints(EXPECTED.get(2).path("input_ids"));

    @TempDir
    private Path folder;

    private CausalModel model(ComputeType type) {
        return CausalModel.load(Reference.path("tiny/llama"), type);
    }

    @ParameterizedTest
    @CsvSource({"llama, config.json", "llama, config.legacy.json", "llama3, config.json", "llama3, config.legacy.json"})
    void logitsEqualTheReferenceForBothFormsOfConfiguration(String name, String config) throws IOException {
        Files.copy(Reference.path("tiny/" + name + "/" + config), folder.resolve("config.json"));
        Files.copy(Reference.path("tiny/" + name + "/model.safetensors"), folder.resolve("model.safetensors"));
        try (CausalModel model = CausalModel.load(folder, ComputeType.FLOAT32)) {
            for (JsonNode sequence :
                    Reference.json("tiny/" + name + "/logits.json").path("sequences")) {
                float[][] logits = model.base().logits(Reference.ints(sequence.path("input_ids")));

                assertEquals(logits[logits.length - 1], sequence.path("last_logits"), 2e-4);
                for (int position = 0; position < logits.length; position++) {
                    assertThat(Reference.logSumExp(logits[position]))
                            .isCloseTo(sequence.path("logsumexp").get(position).asDouble(), within(1e-4));
                    assertThat(mean(logits[position]))
                            .isCloseTo(
                                    sequence.path("mean_logits").get(position).asDouble(), within(1e-4));
                    assertThat(Reference.argMax(logits[position]))
                            .isEqualTo(sequence.path("argmax").get(position).asInt());
                }
            }
        }
    }

    @Test
    void cachedStepsEqualOnePass() {
        try (CausalModel model = model(ComputeType.FLOAT32);
                DecoderState state = model.newState(3, 128)) {
            float[][] whole = model.base().logits(LONGEST);

            float[] first = model.base().prefill(state, 1, Arrays.copyOf(LONGEST, 40));
            float[] second = model.base().prefill(state, 1, Arrays.copyOfRange(LONGEST, 40, 99));
            float[] third = model.base().decode(state, List.of(new SequenceToken(1, LONGEST[99])))[0];

            assertThat(first).usingComparatorWithPrecision(1e-4f).containsExactly(whole[39]);
            assertThat(second).usingComparatorWithPrecision(1e-4f).containsExactly(whole[98]);
            assertThat(third).usingComparatorWithPrecision(1e-4f).containsExactly(whole[99]);
            assertThat(state.length(1)).isEqualTo(100);
        }
    }

    @Test
    void sequencesOfDifferentLengthsDecodeTogetherAsTheyDoAlone() {
        try (CausalModel model = model(ComputeType.FLOAT32);
                DecoderState state = model.newState(4, 128)) {
            float[][] whole = model.base().logits(LONGEST);
            int[] lengths = {70, 3, 41};
            int[] sequences = {0, 2, 3};
            for (int i = 0; i < lengths.length; i++) {
                model.base().prefill(state, sequences[i], Arrays.copyOf(LONGEST, lengths[i]));
            }

            // All, then without the middle one (a gap in the cache), then a later one alone.
            for (int[] members : new int[][] {{0, 1, 2}, {0, 2}, {2}}) {
                List<SequenceToken> tokens = Arrays.stream(members)
                        .mapToObj(i -> new SequenceToken(sequences[i], LONGEST[lengths[i]]))
                        .toList();
                float[][] logits = model.base().decode(state, tokens);
                for (int i = 0; i < members.length; i++) {
                    assertThat(logits[i])
                            .usingComparatorWithPrecision(1e-4f)
                            .containsExactly(whole[lengths[members[i]]]);
                    lengths[members[i]]++;
                }
            }
        }
    }

    @Test
    void aClearedSequenceForgetsWhatWasThere() {
        try (CausalModel model = model(ComputeType.FLOAT32);
                DecoderState state = model.newState(1, 128)) {
            float[] fresh = model.base().prefill(state, 0, Arrays.copyOf(LONGEST, 5));
            model.base().prefill(state, 0, LONGEST);
            state.clear(0);

            assertThat(model.base().prefill(state, 0, Arrays.copyOf(LONGEST, 5)))
                    .containsExactly(fresh);
        }
    }

    @Test
    void logProbabilitiesAreTheLogSoftmaxOfTheLogits() {
        try (CausalModel model = model(ComputeType.FLOAT32)) {
            float[][] logits = model.base().logits(LONGEST);

            double[] scores = model.base().logProbabilities(LONGEST);

            assertThat(scores).hasSize(LONGEST.length - 1);
            for (int i = 0; i < scores.length; i++) {
                assertThat(scores[i])
                        .isCloseTo(logits[i][LONGEST[i + 1]] - Reference.logSumExp(logits[i]), within(1e-5));
            }
        }
    }

    @Test
    void bfloat16StaysNearTheReference() {
        try (CausalModel model = model(ComputeType.BFLOAT16)) {
            float[][] logits = model.base().logits(LONGEST);

            for (int position = 0; position < logits.length; position++) {
                assertThat(Reference.logSumExp(logits[position]))
                        .isCloseTo(
                                EXPECTED.get(2).path("logsumexp").get(position).asDouble(), within(0.3));
            }
        }
    }

    @Test
    void refusesAnArchitectureByNameWithTheListOfThoseItRuns() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"FalconForCausalLM\"]}");

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("FalconForCausalLM")
                .hasMessageContaining("LlamaForCausalLM");
    }

    @Test
    void refusesRopeScalingByName() throws IOException {
        String config = Files.readString(Reference.path("tiny/llama/config.json"));
        Files.writeString(folder.resolve("config.json"), config.replace("\"default\"", "\"yarn\""));

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("yarn");
    }

    @Test
    void refusesWeightsOfAnotherShape() throws IOException {
        String config = Files.readString(Reference.path("tiny/llama/config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replace("\"intermediate_size\": 128", "\"intermediate_size\": 96"));
        Files.copy(Reference.path("tiny/llama/model.safetensors"), folder.resolve("model.safetensors"));

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("mlp.gate_proj")
                .hasMessageContaining("[96, 64]");
    }

    @Test
    void refusesTokensOutsideTheVocabularyAndSequencesWithoutRoom() {
        try (CausalModel model = model(ComputeType.FLOAT32);
                DecoderState state = model.newState(1, 4)) {
            assertThatThrownBy(() -> model.base().prefill(state, 0, new int[] {256}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("256");
            assertThatThrownBy(() -> model.base().prefill(state, 0, new int[5]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("holds 4 tokens");
        }
    }

    private static void assertEquals(float[] actual, JsonNode expected, double tolerance) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected.get(i).asDouble(), within(tolerance));
        }
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
