package io.kaitoflow.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.tensor.ComputeType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The real model against the answers of the reference program. */
class SmolLm2Test {
    private static final List<JsonNode> PROMPTS = Reference.jsonLines("smollm2/logits.jsonl");

    /** Above it a float32 and a bfloat16 engine must choose alike. */
    private static final double SAFE_GAP = 0.5;

    @Test
    void float32EqualsTheReference() {
        try (CausalModel model = CausalModel.load(Reference.realModel(), ComputeType.FLOAT32)) {
            for (JsonNode prompt : PROMPTS) {
                assertLastLogits(model, prompt);
            }
            int[][] greedy = greedyTogether(model);
            for (int i = 0; i < greedy.length; i++) {
                assertThat(greedy[i]).isEqualTo(Reference.ints(PROMPTS.get(i).path("greedy_ids")));
            }
        }
    }

    @Test
    void bfloat16EqualsTheReferenceUpToTheFirstCloseCall() {
        try (CausalModel model = CausalModel.load(Reference.realModel(), ComputeType.BFLOAT16);
                DecoderState state = model.newState(1, 128)) {
            for (JsonNode prompt : PROMPTS) {
                state.clear(0);
                float[] logits = model.base().prefill(state, 0, Reference.ints(prompt.path("ids")));
                assertThat(Reference.logSumExp(logits))
                        .isCloseTo(prompt.path("logsumexp").asDouble(), within(0.3));
            }
            int[][] greedy = greedyTogether(model);
            for (int i = 0; i < greedy.length; i++) {
                int safe = safeSteps(PROMPTS.get(i).path("greedy_top2_gap"));
                assertThat(Arrays.copyOf(greedy[i], safe))
                        .isEqualTo(Arrays.copyOf(Reference.ints(PROMPTS.get(i).path("greedy_ids")), safe));
            }
        }
    }

    private static int safeSteps(JsonNode gaps) {
        return IntStream.range(0, gaps.size())
                .filter(step -> gaps.get(step).asDouble() < SAFE_GAP)
                .findFirst()
                .orElse(gaps.size());
    }

    private static void assertLastLogits(CausalModel model, JsonNode prompt) {
        int[] ids = Reference.ints(prompt.path("ids"));
        float[][] all = model.base().logits(ids);
        float[] logits = all[all.length - 1];
        for (JsonNode pair : prompt.path("top")) {
            assertThat((double) logits[pair.get(0).asInt()])
                    .isCloseTo(pair.get(1).asDouble(), within(2e-4));
        }
        assertThat(Reference.logSumExp(logits))
                .isCloseTo(prompt.path("logsumexp").asDouble(), within(1e-4));
        assertThat((double) logits[prompt.path("argmin").asInt()])
                .isCloseTo(prompt.path("logits_min").asDouble(), within(2e-4));
        assertThat(Arrays.stream(model.base().logProbabilities(ids)).average().orElseThrow())
                .isCloseTo(prompt.path("prompt_mean_logprob").asDouble(), within(3e-5));
    }

    /** All prompts side by side in one cache, so that each step decodes twelve sequences of different lengths. */
    private static int[][] greedyTogether(CausalModel model) {
        int steps = PROMPTS.getFirst().path("greedy_ids").size();
        try (DecoderState state = model.newState(PROMPTS.size(), 128)) {
            var ids = new int[PROMPTS.size()][steps];
            for (int i = 0; i < ids.length; i++) {
                int[] prompt = Reference.ints(PROMPTS.get(i).path("ids"));
                ids[i][0] = Reference.argMax(model.base().prefill(state, i, prompt));
            }
            for (int step = 1; step < steps; step++) {
                int last = step - 1;
                float[][] logits = model.base()
                        .decode(
                                state,
                                IntStream.range(0, ids.length)
                                        .mapToObj(i -> new SequenceToken(i, ids[i][last]))
                                        .toList());
                for (int i = 0; i < ids.length; i++) {
                    ids[i][step] = Reference.argMax(logits[i]);
                }
            }
            return ids;
        }
    }
}
