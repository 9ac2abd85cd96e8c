package io.kaitoflow.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Perplexity of a known text, window by window, against the reference program. */
class PerplexityTest {
    private static final JsonNode EXPECTED = Reference.json("smollm2/perplexity.json");

    @Test
    void float32EqualsTheReference() throws IOException {
        int[] tokens = tokens(Reference.realModel());
        assertThat(tokens).hasSize(EXPECTED.path("tokens").asInt());

        try (CausalModel model = CausalModel.load(Reference.realModel(), ComputeType.FLOAT32)) {
            double sum = 0;
            int scored = 0;
            for (JsonNode window : EXPECTED.path("per_window")) {
                int start = window.path("start").asInt();
                int[] part = Arrays.copyOfRange(
                        tokens, start, start + window.path("tokens").asInt());
                double windowSum =
                        -Arrays.stream(model.base().logProbabilities(part)).sum();
                assertThat(windowSum).isCloseTo(window.path("nll_sum").asDouble(), within(1e-2));
                sum += windowSum;
                scored += window.path("scored").asInt();
            }
            JsonNode whole = EXPECTED.path("with_tail");
            assertThat(sum / scored).isCloseTo(whole.path("nll_mean").asDouble(), within(2e-5));
            assertThat(Math.exp(sum / scored))
                    .isCloseTo(whole.path("perplexity").asDouble(), within(2e-4));
        }
    }

    private static int[] tokens(Path model) throws IOException {
        String text = Files.readString(Reference.path("smollm2/text.txt"));
        try (Tokenizer tokenizer = ModelFiles.at(model).tokenizer()) {
            return tokenizer.encode(text, SpecialTokens.PLAIN);
        }
    }
}
