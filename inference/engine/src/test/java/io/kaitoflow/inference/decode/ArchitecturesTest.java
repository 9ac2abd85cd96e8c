package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.decode.BatchDecoder.Settings;
import io.kaitoflow.inference.export.RandomAdapter;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random models of every architecture against the reference program, against PyTorch, and against themselves in other company. */
class ArchitecturesTest {
    private static final int CONTEXT = 128;
    private static final int VOCABULARY = 256;
    private static final int[] LONGEST = Reference.ints(
            Reference.json("tiny/llama/logits.json").path("sequences").get(2).path("input_ids"));

    @TempDir
    private Path folder;

    static List<String> models() {
        return List.of("llama", "llama3", "mistral", "qwen2", "qwen3", "phi3", "phi4mini", "gemma2", "gemma3");
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsEqualTheReference(String name) {
        JsonNode expected = Reference.json("tiny/" + name + "/logits.json");
        try (DecodeModel model = exact(name);
                BatchDecoder decoder = decoder(model, false)) {
            for (JsonNode sequence : expected.path("sequences")) {
                List<float[]> logits = Steps.all(decoder, Reference.ints(sequence.path("input_ids")), CONTEXT, null);

                assertLogits(logits.getLast(), sequence);
                for (int position = 0; position < logits.size(); position++) {
                    assertThat(Reference.argMax(logits.get(position)))
                            .isEqualTo(sequence.path("argmax").get(position).asInt());
                    assertThat(Reference.logSumExp(logits.get(position)))
                            .isCloseTo(sequence.path("logsumexp").get(position).asDouble(), within(1e-4));
                }
            }
            for (JsonNode sequence : expected.path("boundary_sequences")) {
                int[] text = Reference.ints(sequence.path("input_ids"));
                assertLogits(Steps.all(decoder, text, CONTEXT, null).getLast(), sequence);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aloneInChunksBesideOthersAndAfterACachedBeginningTheLogitsAreTheSameBitForBit(String name) {
        try (DecodeModel model = exact(name)) {
            assertSameInAnyCompany(model, false);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void soAreRoundedOnes(String name) throws IOException {
        try (DecodeModel model = DecodeModel.open(rounded(name), true).orElseThrow()) {
            assertSameInAnyCompany(model, true);
        }
    }

    private static void assertSameInAnyCompany(DecodeModel model, boolean rounded) {
        List<float[]> alone;
        try (BatchDecoder decoder = decoder(model, rounded)) {
            alone = Steps.all(decoder, LONGEST, CONTEXT, null);
            assertThat(after(decoder, LONGEST, CONTEXT)).as("cached").isEqualTo(alone.getLast());
        }
        for (int chunk : new int[] {1, 7, 16, 33}) {
            try (BatchDecoder decoder = decoder(model, rounded)) {
                assertSame(Steps.all(decoder, LONGEST, chunk, null), alone, "in chunks of " + chunk);
            }
        }
        try (BatchDecoder decoder = decoder(model, rounded)) {
            int[] others = Arrays.copyOfRange(LONGEST, 50, 70);
            List<StepRow> rows = new ArrayList<>(Steps.rows(begin(decoder, others), others, 20, null));
            rows.addAll(Steps.rows(begin(decoder, LONGEST), LONGEST, LONGEST.length, null));
            assertSame(
                    Steps.results(decoder.step(rows), rows.size()).subList(20, rows.size()), alone, "beside another");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void roundedLogitsStayNearExactOnes(String name) throws IOException {
        Path copy = rounded(name);
        try (CausalModel exact = CausalModel.load(copy, ComputeType.FLOAT32);
                DecodeModel model = DecodeModel.open(copy, true).orElseThrow();
                BatchDecoder decoder = decoder(model, true)) {
            float[][] expected = exact.base().logits(LONGEST);
            List<float[]> logits = Steps.all(decoder, LONGEST, CONTEXT, null);

            double difference = 0;
            for (int position = 0; position < expected.length; position++) {
                double off = Reference.logSumExp(logits.get(position)) - Reference.logSumExp(expected[position]);
                difference += Math.abs(off);
            }
            assertThat(difference / expected.length).isLessThan(0.1).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void anAdapterOfEveryModuleAddsWhatItAddsToPyTorchsProducts(String name) throws IOException {
        try (CausalModel torch = CausalModel.load(Reference.path("tiny/" + name), ComputeType.FLOAT32);
                NDManager owner = TorchEngine.newOwner();
                DecodeModel model = exact(name);
                BatchDecoder decoder = decoder(model, false)) {
            LoraAdapter lora = LoraAdapter.read(RandomAdapter.write(folder.resolve("adapter"), model.configuration()));
            float[][] expected = torch.adaptedBy(lora.fuse(owner, torch.configuration(), torch.computeType()))
                    .logits(LONGEST);
            Adapter adapter = Adapter.of(lora, model.configuration(), 1);

            List<float[]> logits = Steps.all(decoder, LONGEST, 30, adapter);

            assertThat(logits.getLast())
                    .isNotEqualTo(Steps.all(decoder, LONGEST, 30, null).getLast());
            for (int position = 0; position < expected.length; position++) {
                assertThat(logits.get(position))
                        .usingComparatorWithPrecision(2e-4f)
                        .containsExactly(expected[position]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"phi3", "phi4mini"})
    void aSequenceThatOutgrowsAShortTextIsComputedAnewAsALongOne(String name) {
        JsonNode boundary = Reference.json("tiny/" + name + "/logits.json").path("boundary_sequences");
        int[] text = Reference.ints(boundary.get(1).path("input_ids"));
        int[] prompt = Arrays.copyOf(text, 60);
        try (DecodeModel model = exact(name);
                BatchDecoder decoder = decoder(model, false);
                BatchDecoder other = decoder(model, false)) {
            int room = decoder.room();
            Sequence sequence = begin(decoder, prompt);
            decoder.step(Steps.rows(sequence, prompt, 60, null));
            for (int length = 61; length <= 64; length++) {
                sequence.growTo(length);
                decoder.step(Steps.rows(sequence, Arrays.copyOf(text, length), 1, null));
            }
            assertThatThrownBy(() -> decoder.step(Steps.rows(sequence, text, 1, null)))
                    .isInstanceOf(IllegalStateException.class);

            sequence.growTo(65);

            assertThat(sequence.length()).isZero();
            List<float[]> crossed = Steps.results(decoder.step(Steps.rows(sequence, text, 65, null)), 65);
            assertLogits(crossed.getLast(), boundary.get(1));
            assertSame(crossed, Steps.all(other, text, CONTEXT, null), "as a long one");
            decoder.end(sequence);
            assertThat(decoder.room()).as("no page stays behind").isEqualTo(room);
        }
    }

    @Test
    void headsThatAreNoWholeVectorsAreLeftToPyTorch() throws IOException {
        Path model = Reference.path("tiny/qwen2");
        String config = Files.readString(model.resolve("config.json"))
                .replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 8")
                .replace("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4");
        Files.writeString(folder.resolve("config.json"), config);
        Files.copy(model.resolve("model.safetensors"), folder.resolve("model.safetensors"));

        assertThat(DecodeModel.open(folder, true)).isEmpty();
        try (CausalModel torch = CausalModel.load(folder, ComputeType.FLOAT32)) {
            assertThat(torch.configuration().headSize()).isEqualTo(8);
        }
    }

    private static DecodeModel exact(String name) {
        return DecodeModel.open(Reference.path("tiny/" + name), false).orElseThrow();
    }

    private Path rounded(String name) throws IOException {
        return RoundedCopy.write(Reference.path("tiny/" + name), folder.resolve("rounded"));
    }

    /** In a fixed order, so that rounded products are ours on processors without machine code too. */
    private static BatchDecoder decoder(DecodeModel model, boolean rounded) {
        return new BatchDecoder(model, new Settings(512, CONTEXT, CONTEXT, CONTEXT, 2, rounded, true));
    }

    private static Sequence begin(BatchDecoder decoder, int[] prompt) {
        return decoder.begin(prompt, CONTEXT, null).orElseThrow();
    }

    private static float[] after(BatchDecoder decoder, int[] text, int chunk) {
        Sequence sequence = begin(decoder, text);
        assertThat(sequence.cached()).isEqualTo((text.length - 1) / 16 * 16);
        List<StepRow> rows = Steps.rows(sequence, text, chunk, null);
        float[] last = Steps.results(decoder.step(rows), rows.size()).getLast();
        decoder.end(sequence);
        return last;
    }

    private static void assertSame(List<float[]> actual, List<float[]> expected, String how) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Arrays.equals(actual.get(i), expected.get(i)))
                    .as("the same at token %s, %s", i, how)
                    .isTrue();
        }
    }

    private static void assertLogits(float[] logits, JsonNode expected) {
        for (int i = 0; i < VOCABULARY; i++) {
            assertThat((double) logits[i])
                    .isCloseTo(expected.path("last_logits").get(i).asDouble(), within(2e-4));
        }
    }
}
