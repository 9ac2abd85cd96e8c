package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.decode.BatchDecoder.Settings;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Perplexity of the first windows of a known text against the reference program. */
class DecodePerplexityTest {
    private static final JsonNode EXPECTED = Reference.json("smollm2/perplexity.json");
    private static final int WINDOWS = 3;
    private static final int ROWS = 128;

    @Test
    void exactNumbersGiveTheReferencesSums() throws IOException {
        double[] sums = sums(false);

        for (int i = 0; i < WINDOWS; i++) {
            assertThat(sums[i])
                    .isCloseTo(
                            EXPECTED.path("per_window").get(i).path("nll_sum").asDouble(), within(1e-2));
        }
    }

    @Test
    void roundedNumbersStayWithinOnePercentOfThePerplexity() throws IOException {
        double expected = 0;
        int scored = 0;
        for (int i = 0; i < WINDOWS; i++) {
            expected += EXPECTED.path("per_window").get(i).path("nll_sum").asDouble();
            scored += EXPECTED.path("per_window").get(i).path("scored").asInt();
        }

        double difference = (Arrays.stream(sums(true)).sum() - expected) / scored;

        assertThat(Math.exp(difference)).isCloseTo(1, within(0.01));
    }

    private static double[] sums(boolean rounded) throws IOException {
        int[] tokens = tokens(Reference.realModel());
        var sums = new double[WINDOWS];
        try (DecodeModel model =
                        DecodeModel.open(Reference.realModel(), rounded).orElseThrow();
                BatchDecoder decoder = new BatchDecoder(model, new Settings(1024, 512, ROWS, ROWS, 2, rounded))) {
            for (int i = 0; i < WINDOWS; i++) {
                JsonNode window = EXPECTED.path("per_window").get(i);
                int start = window.path("start").asInt();
                sums[i] = sum(
                        decoder,
                        Arrays.copyOfRange(
                                tokens, start, start + window.path("tokens").asInt()));
            }
        }
        return sums;
    }

    private static double sum(BatchDecoder decoder, int[] tokens) {
        Sequence sequence =
                decoder.begin(new int[] {tokens[0]}, tokens.length, null).orElseThrow();
        double sum = 0;
        while (sequence.length() < tokens.length) {
            int from = sequence.length();
            List<StepRow> rows = new ArrayList<>();
            for (int i = from; i < Math.min(tokens.length, from + ROWS); i++) {
                rows.add(new StepRow(sequence, tokens[i], i, true, null));
            }
            Activations logits = decoder.step(rows);
            for (int i = 0; i < rows.size() && from + i + 1 < tokens.length; i++) {
                float[] row = Arrays.copyOfRange(logits.values(), logits.at(i), logits.at(i + 1));
                sum += Reference.logSumExp(row) - row[tokens[from + i + 1]];
            }
        }
        decoder.end(sequence);
        return sum;
    }

    private static int[] tokens(Path model) throws IOException {
        String text = Files.readString(Reference.path("smollm2/text.txt"));
        try (Tokenizer tokenizer = ModelFiles.at(model).tokenizer()) {
            return tokenizer.encode(text, SpecialTokens.PLAIN);
        }
    }
}
