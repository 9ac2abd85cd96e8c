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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random models of every architecture against the answers of the reference program. */
class TinyModelsTest {
    private static final List<String> MODELS =
            List.of("llama", "llama3", "mistral", "qwen2", "qwen3", "phi3", "phi4mini", "gemma2", "gemma3");
    private static final JsonNode EXPECTED =
            Reference.json("tiny/llama/logits.json").path("sequences");
    private static final int[] LONGEST = Reference.ints(EXPECTED.get(2).path("input_ids"));

    @TempDir
    private Path folder;

    private static CausalModel model(ComputeType type) {
        return model("llama", type);
    }

    private static CausalModel model(String name, ComputeType type) {
        return CausalModel.load(Reference.path("tiny/" + name), type);
    }

    static Stream<Arguments> everyModelInBothForms() {
        return MODELS.stream()
                .flatMap(
                        name -> Stream.of(Arguments.of(name, "config.json"), Arguments.of(name, "config.legacy.json")));
    }

    static List<String> models() {
        return MODELS;
    }

    @ParameterizedTest
    @MethodSource("everyModelInBothForms")
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

    @ParameterizedTest
    @MethodSource("models")
    void cachedStepsEqualOnePass(String name) {
        try (CausalModel model = model(name, ComputeType.FLOAT32);
                DecoderState state = model.newState(3, 128)) {
            float[] first = model.base().prefill(state, 1, Arrays.copyOf(LONGEST, 40));
            float[] second = model.base().prefill(state, 1, Arrays.copyOfRange(LONGEST, 40, 99));
            float[] third = model.base().decode(state, List.of(new SequenceToken(1, LONGEST[99])))[0];

            assertThat(first).usingComparatorWithPrecision(1e-4f).containsExactly(alone(model, 40));
            assertThat(second).usingComparatorWithPrecision(1e-4f).containsExactly(alone(model, 99));
            assertThat(third).usingComparatorWithPrecision(1e-4f).containsExactly(alone(model, 100));
            assertThat(state.length(1)).isEqualTo(100);
        }
    }

    /** Logits after the first tokens of a text that ends there. */
    private static float[] alone(CausalModel model, int length) {
        return model.base().logits(Arrays.copyOf(LONGEST, length))[length - 1];
    }

    @ParameterizedTest
    @ValueSource(strings = {"phi3", "phi4mini"})
    void longropeChangesOverWithTheWholeSequence(String name) {
        JsonNode boundary = Reference.json("tiny/" + name + "/logits.json").path("boundary_sequences");
        int[] longer = Reference.ints(boundary.get(1).path("input_ids"));
        try (CausalModel model = model(name, ComputeType.FLOAT32);
                DecoderState state = model.newState(1, 128)) {
            for (JsonNode sequence : boundary) {
                float[][] logits = model.base().logits(Reference.ints(sequence.path("input_ids")));

                assertEquals(logits[logits.length - 1], sequence.path("last_logits"), 2e-4);
            }
            model.base().prefill(state, 0, Arrays.copyOf(longer, 64));
            float[] crossed = model.base().decode(state, List.of(new SequenceToken(0, longer[64])))[0];

            assertEquals(crossed, boundary.get(1).path("last_logits"), 2e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void sequencesOfDifferentLengthsDecodeTogetherAsTheyDoAlone(String name) {
        try (CausalModel model = model(name, ComputeType.FLOAT32);
                DecoderState state = model.newState(4, 128)) {
            int[] lengths = {70, 3, 63};
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
                            .containsExactly(alone(model, lengths[members[i]] + 1));
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

    @ParameterizedTest
    @MethodSource("models")
    void bfloat16StaysNearFloat32(String name) {
        try (CausalModel exact = model(name, ComputeType.FLOAT32);
                CausalModel rounded = model(name, ComputeType.BFLOAT16)) {
            float[][] expected = exact.base().logits(LONGEST);
            float[][] logits = rounded.base().logits(LONGEST);

            double difference = 0;
            for (int position = 0; position < logits.length; position++) {
                difference += Math.abs(Reference.logSumExp(logits[position]) - Reference.logSumExp(expected[position]));
            }
            assertThat(difference / logits.length).isLessThan(0.1).isPositive();
        }
    }

    @Test
    void refusesAnArchitectureByNameWithTheListOfThoseItRuns() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"FalconForCausalLM\"]}");

        assertThatThrownBy(() -> CausalModel.load(folder, ComputeType.FLOAT32))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("FalconForCausalLM")
                .hasMessageContaining("LlamaForCausalLM")
                .hasMessageContaining("Phi3ForCausalLM")
                .hasMessageContaining("Gemma3ForCausalLM");
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
