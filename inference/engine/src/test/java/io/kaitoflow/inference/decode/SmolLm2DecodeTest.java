package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.decode.BatchDecoder.Settings;
import io.kaitoflow.inference.model.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The real model against the answers of the reference programs. */
class SmolLm2DecodeTest {
    /** Above it an engine that rounds must choose as one that does not. */
    private static final double SAFE_GAP = 0.5;

    private static final int VOCABULARY = 49152;

    @Test
    void exactNumbersGiveTheReferenceLogitsAndTokens() {
        try (DecodeModel model = model(false);
                BatchDecoder decoder = decoder(model, false)) {
            for (JsonNode prompt : Reference.jsonLines("smollm2/logits.jsonl")) {
                List<float[]> steps = follow(decoder, prompt.path("ids"), prompt.path("greedy_ids"), null);
                assertTop(steps.getFirst(), prompt.path("top"), 2e-4);
                assertThat(Reference.logSumExp(steps.getFirst()))
                        .isCloseTo(prompt.path("logsumexp").asDouble(), within(1e-4));
                assertThat(chosen(steps)).isEqualTo(Reference.ints(prompt.path("greedy_ids")));
            }
        }
    }

    @Test
    void roundedNumbersGiveTheReferenceTokensUpToTheFirstCloseCall() {
        try (DecodeModel model = model(true);
                BatchDecoder decoder = decoder(model, true)) {
            for (JsonNode prompt : Reference.jsonLines("smollm2/logits.jsonl")) {
                List<float[]> steps = follow(decoder, prompt.path("ids"), prompt.path("greedy_ids"), null);
                JsonNode gaps = prompt.path("greedy_top2_gap");
                int safe = IntStream.range(0, gaps.size())
                        .filter(step -> gaps.get(step).asDouble() < SAFE_GAP)
                        .findFirst()
                        .orElse(gaps.size());
                assertThat(Reference.logSumExp(steps.getFirst()))
                        .isCloseTo(prompt.path("logsumexp").asDouble(), within(0.1));
                assertThat(Arrays.copyOf(chosen(steps), safe))
                        .isEqualTo(Arrays.copyOf(Reference.ints(prompt.path("greedy_ids")), safe));
            }
        }
    }

    @Test
    void roundedLogitsAreTheSameBitForBitAloneInChunksBesideOthersAndAfterACachedBeginning() {
        int[] prompt = IntStream.range(0, 77).map(i -> 100 + 37 * i).toArray();
        try (DecodeModel model = model(true)) {
            float[] alone;
            try (BatchDecoder decoder = decoder(model, true)) {
                alone = after(decoder, prompt, 128);
                assertThat(after(decoder, prompt, 128)).as("cached").isEqualTo(alone);
            }
            try (BatchDecoder decoder = decoder(model, true)) {
                assertThat(after(decoder, prompt, 7)).as("chunks of 7").isEqualTo(alone);
            }
            try (BatchDecoder decoder = decoder(model, true)) {
                Sequence other = decoder.begin(new int[] {5, 6, 7}, 10, null).orElseThrow();
                List<StepRow> rows = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    rows.add(new StepRow(other, 5 + i, i, false, null));
                }
                Sequence sequence = decoder.begin(prompt, 100, null).orElseThrow();
                rows.addAll(rows(sequence, prompt, prompt.length));
                assertThat(Arrays.copyOf(decoder.step(rows).values(), VOCABULARY))
                        .as("beside another")
                        .isEqualTo(alone);
            }
        }
    }

    private static float[] after(BatchDecoder decoder, int[] prompt, int chunk) {
        Sequence sequence = decoder.begin(prompt, 100, null).orElseThrow();
        float[] last = {};
        while (sequence.length() < prompt.length) {
            last = Arrays.copyOf(decoder.step(rows(sequence, prompt, chunk)).values(), VOCABULARY);
        }
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

    @Test
    void answersAsPeftDoesWithAndWithoutTheAdapter() {
        try (DecodeModel model = model(false);
                BatchDecoder decoder = decoder(model, false)) {
            Adapter adapter = Adapter.of(LoraAdapter.read(Reference.path("peft/adapter")), model.configuration(), 1);
            Adapter weak = Adapter.of(LoraAdapter.read(Reference.path("peft/adapter")), model.configuration(), 0);
            for (JsonNode prompt : Reference.json("peft/expected.json").path("prompts")) {
                assertAnswer(decoder, prompt, prompt.path("dense_base_with_adapter"), adapter);
                assertAnswer(decoder, prompt, prompt.path("dense_base_without_adapter"), null);
                assertAnswer(decoder, prompt, prompt.path("dense_base_without_adapter"), weak);
            }
        }
    }

    private static void assertAnswer(
            BatchDecoder decoder, JsonNode prompt, JsonNode expected, @Nullable Adapter adapter) {
        List<float[]> steps = follow(decoder, prompt.path("ids"), expected.path("ids"), adapter);
        assertTop(steps.getFirst(), expected.path("first_top20"), 3e-4);
        assertThat(chosen(steps)).isEqualTo(Reference.ints(expected.path("ids")));
    }

    private static void assertTop(float[] logits, JsonNode top, double tolerance) {
        for (JsonNode pair : top) {
            assertThat((double) logits[pair.get(0).asInt()])
                    .isCloseTo(pair.get(1).asDouble(), within(tolerance));
        }
    }

    private static int[] chosen(List<float[]> steps) {
        return steps.stream().mapToInt(Reference::argMax).toArray();
    }

    private static DecodeModel model(boolean rounded) {
        return DecodeModel.open(Reference.realModel(), rounded).orElseThrow();
    }

    private static BatchDecoder decoder(DecodeModel model, boolean rounded) {
        return new BatchDecoder(model, new Settings(512, 256, 4, 128, 2, rounded));
    }

    /** The logits after a prompt and after each of some tokens that follow it. */
    private static List<float[]> follow(
            BatchDecoder decoder, JsonNode promptIds, JsonNode replyIds, @Nullable Adapter adapter) {
        int[] prompt = Reference.ints(promptIds);
        int[] reply = Reference.ints(replyIds);
        Sequence sequence =
                decoder.begin(prompt, prompt.length + reply.length, adapter).orElseThrow();
        List<StepRow> rows = new ArrayList<>();
        for (int i = sequence.length(); i < prompt.length; i++) {
            rows.add(new StepRow(sequence, prompt[i], i, i == prompt.length - 1, adapter));
        }
        List<float[]> steps = new ArrayList<>();
        steps.add(Arrays.copyOf(decoder.step(rows).values(), VOCABULARY));
        for (int i = 0; i < reply.length - 1; i++) {
            StepRow row = new StepRow(sequence, reply[i], sequence.length(), true, adapter);
            steps.add(Arrays.copyOf(decoder.step(List.of(row)).values(), VOCABULARY));
        }
        decoder.end(sequence);
        return steps;
    }
}
