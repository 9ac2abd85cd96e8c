package io.kaitoflow.inference.bench;

import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.decode.Sequence;
import io.kaitoflow.inference.decode.StepRow;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Perplexity of a text as the server's engine computes it, in windows of 512 tokens that do not overlap, each from its beginning.
 *
 * <p>Arguments: model, text, {@code exact} or {@code rounded} numbers. Prints it.
 */
public final class TextPerplexity implements AutoCloseable {
    private static final int WINDOW = 512;
    private static final int ROWS = 128;

    private final DecodeModel model;
    private final BatchDecoder decoder;

    private TextPerplexity(Path file, boolean rounded) {
        model = DecodeModel.open(file, rounded)
                .orElseThrow(() -> new IllegalArgumentException(file + " is not of the Llama kind"));
        decoder = new BatchDecoder(model, new BatchDecoder.Settings(1024, WINDOW, ROWS, ROWS, 2, rounded));
    }

    /** Runs it. */
    @SuppressWarnings("SystemOut") // a measurement is printed
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int[] tokens;
        try (Tokenizer tokenizer = ModelFiles.at(file).tokenizer()) {
            tokens = tokenizer.encode(Files.readString(Path.of(arguments[1])), SpecialTokens.PLAIN);
        }
        try (TextPerplexity measured = new TextPerplexity(file, arguments[2].equals("rounded"))) {
            System.out.println(measured.of(tokens));
        }
    }

    private double of(int[] tokens) {
        double sum = 0;
        int scored = 0;
        for (int start = 0; start + 1 < tokens.length; start += WINDOW) {
            int[] window = Arrays.copyOfRange(tokens, start, Math.min(tokens.length, start + WINDOW));
            sum += surprise(window);
            scored += window.length - 1;
        }
        return Math.exp(sum / scored);
    }

    /** Negative log-likelihood of all tokens but the first, in nats. */
    private double surprise(int[] tokens) {
        Sequence sequence =
                decoder.begin(new int[] {tokens[0]}, tokens.length, null).orElseThrow();
        double sum = 0;
        while (sequence.length() < tokens.length) {
            int from = sequence.length();
            List<StepRow> rows = IntStream.range(from, Math.min(tokens.length, from + ROWS))
                    .mapToObj(at -> new StepRow(sequence, tokens[at], at, true, null))
                    .toList();
            Activations logits = decoder.step(rows);
            for (int i = 0; i < rows.size() && from + i + 1 < tokens.length; i++) {
                sum += surprise(
                        Arrays.copyOfRange(logits.values(), logits.at(i), logits.at(i + 1)), tokens[from + i + 1]);
            }
        }
        decoder.end(sequence);
        return sum;
    }

    private static double surprise(float[] logits, int token) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        return most + Math.log(sum) - logits[token];
    }

    @Override
    public void close() {
        decoder.close();
        model.close();
    }
}
