package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.decode.BatchDecoder.Settings;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.model.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A tiny random model against the reference program, and against itself in other company. */
class BatchDecoderTest {
    private static final DecodeModel MODEL =
            DecodeModel.open(Reference.path("tiny/llama"), false).orElseThrow();
    private static final Settings SETTINGS = new Settings(512, 128, 4, 128, 2, false);
    private static final int VOCABULARY = MODEL.configuration().vocabularySize();

    @AfterAll
    static void closeModel() {
        MODEL.close();
    }

    @Test
    void logitsEqualTheReference() {
        try (BatchDecoder decoder = decoder()) {
            for (JsonNode expected : Reference.json("tiny/llama/logits.json").path("sequences")) {
                float[] logits = after(decoder, Reference.ints(expected.path("input_ids")), 64);

                for (int i = 0; i < VOCABULARY; i++) {
                    assertThat((double) logits[i])
                            .isCloseTo(expected.path("last_logits").get(i).asDouble(), within(2e-4));
                }
            }
        }
    }

    @Test
    void aloneInChunksBesideOthersAndAfterACachedBeginningTheLogitsAreTheSameBitForBit() {
        int[] prompt = longest();
        float[] alone;
        try (BatchDecoder decoder = decoder()) {
            alone = after(decoder, prompt, 128);
            assertThat(after(decoder, prompt, 128)).as("cached").isEqualTo(alone);
        }
        try (BatchDecoder decoder = decoder()) {
            assertThat(after(decoder, prompt, 7)).as("chunks of 7").isEqualTo(alone);
        }
        try (BatchDecoder decoder = decoder()) {
            Sequence sequence = begin(decoder, prompt);
            Sequence other = begin(decoder, new int[] {5, 6, 7});
            List<StepRow> rows = new ArrayList<>(rows(other, new int[] {5, 6, 7}, 3));
            rows.addAll(rows(sequence, prompt, prompt.length));
            Activations results = decoder.step(rows);
            assertThat(Arrays.copyOfRange(results.values(), VOCABULARY, 2 * VOCABULARY))
                    .as("beside another")
                    .isEqualTo(alone);
        }
    }

    @Test
    void inAFixedOrderRoundedLogitsDoNotDependOnTheirCompanyEither() {
        int[] prompt = IntStream.range(0, 100).map(i -> 3 + i).toArray();
        var fixed = new Settings(512, 128, 4, 128, 2, true, true);
        try (BatchDecoder decoder = new BatchDecoder(MODEL, fixed);
                BatchDecoder other = new BatchDecoder(MODEL, fixed)) {
            float[] atOnce = after(decoder, prompt, 100);
            // The second time long products would have moved to PyTorch.
            assertThat(after(other, prompt, 100)).isEqualTo(atOnce);
            assertThat(after(decoder, prompt, 3)).as("cached, in chunks of 3").isEqualTo(atOnce);
        }
    }

    @Test
    void aCachedBeginningIsNotComputedAgain() {
        int[] prompt = longest();
        try (BatchDecoder decoder = decoder()) {
            after(decoder, prompt, 128);
            Sequence again = begin(decoder, prompt);

            assertThat(again.cached()).isEqualTo((prompt.length - 1) / 16 * 16);
        }
    }

    private static int[] longest() {
        JsonNode sequences = Reference.json("tiny/llama/logits.json").path("sequences");
        return Reference.ints(sequences.get(sequences.size() - 1).path("input_ids"));
    }

    private static BatchDecoder decoder() {
        return new BatchDecoder(MODEL, SETTINGS);
    }

    private static Sequence begin(BatchDecoder decoder, int[] prompt) {
        return decoder.begin(prompt, 128, null).orElseThrow();
    }

    private static float[] after(BatchDecoder decoder, int[] prompt, int chunk) {
        Sequence sequence = begin(decoder, prompt);
        Activations results = decoder.step(rows(sequence, prompt, chunk));
        while (sequence.length() < prompt.length) {
            results = decoder.step(rows(sequence, prompt, chunk));
        }
        float[] last = Arrays.copyOf(results.values(), VOCABULARY);
        decoder.end(sequence);
        return last;
    }

    private static List<StepRow> rows(Sequence sequence, int[] prompt, int most) {
        List<StepRow> rows = new ArrayList<>();
        for (int i = sequence.length(); i < Math.min(prompt.length, sequence.length() + most); i++) {
            rows.add(new StepRow(sequence, prompt[i], i, i == prompt.length - 1, null));
        }
        return rows;
    }
}
