package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts through a decoder, with the logits after each token. */
public final class Steps {
    private Steps() {}

    /** The logits after each token of a text that is computed from its first uncached one on. */
    public static List<float[]> all(BatchDecoder decoder, int[] text, int chunk, @Nullable Adapter adapter) {
        Sequence sequence =
                decoder.begin(text, decoder.settings().context(), adapter).orElseThrow();
        List<float[]> logits = new ArrayList<>();
        while (sequence.length() < text.length) {
            List<StepRow> rows = rows(sequence, text, chunk, adapter);
            logits.addAll(results(decoder.step(rows), rows.size()));
        }
        decoder.end(sequence);
        return logits;
    }

    /** The next tokens of a text, at most so many. */
    public static List<StepRow> rows(Sequence sequence, int[] text, int most, @Nullable Adapter adapter) {
        List<StepRow> rows = new ArrayList<>();
        for (int i = sequence.length(); i < Math.min(text.length, sequence.length() + most); i++) {
            rows.add(new StepRow(sequence, text[i], i, true, adapter));
        }
        return rows;
    }

    /** The first rows' logits, each an array of its own. */
    public static List<float[]> results(Activations logits, int count) {
        List<float[]> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(Arrays.copyOfRange(logits.values(), logits.at(i), logits.at(i) + logits.width()));
        }
        return results;
    }
}
