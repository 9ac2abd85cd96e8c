package io.kaitoflow.activities.tuning.batches;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.activities.dataset.rows.TrainingRow;
import io.kaitoflow.activities.dataset.rows.TrainingRows;
import io.kaitoflow.activities.dataset.tokens.RowEncoder;
import io.kaitoflow.activities.dataset.tokens.TokenisedDataset;
import io.kaitoflow.activities.dataset.tokens.TokenisedDatasets;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.dataset.tokens.TokenisingJob;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.DataRecipe;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Makes a data set of so many MiB, tokenises it, and reads an epoch of it, shuffled and in groups of like length; prints rows, tokens
 * and the most anonymous memory that was seen.
 *
 * <p>Arguments: folder, MiB.
 */
public final class StreamedEpoch {

    private static final int ROWS_PER_STEP = 8;

    private static long peakKibibytes;

    private StreamedEpoch() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path file = folder.resolve("rows.jsonl");
        write(file, Long.parseLong(arguments[1]) << 20);
        TokenisingJob job = new TokenisingJob(
                new TrainingRows(List.of(new DataFile(file, "rows.jsonl", FileKind.JSONL)), DataRecipe.Columns.usual()),
                new Words(),
                2048,
                false,
                1,
                42);
        Path made = new TokenisedDatasets(folder.resolve("tokenised")).prepare(job, (activity, done, total) -> look());
        try (TokenisedDataset dataset = TokenisedDataset.open(made)) {
            System.out.println(
                    dataset.report().rows() + " rows, " + read(dataset) + " tokens, peak MiB " + peakKibibytes / 1024);
        }
    }

    private static long read(TokenisedDataset dataset) {
        TrainingSequences sequences = TrainingSequences.alone(dataset.training());
        int[] order = new EpochOrder(sequences.size(), true, 42).of(0, ROWS_PER_STEP, sequences::length);
        long tokens = 0;
        for (int i = 0; i < order.length; i++) {
            tokens += sequences.get(order[i]).length();
            if (i % 1024 == 0) {
                look();
            }
        }
        return tokens;
    }

    /** About a kilobyte a row, of very different lengths, no two alike. */
    private static void write(Path file, long bytes) throws IOException {
        Random random = new Random(5);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            long written = 0;
            for (long row = 0; written < bytes; row++) {
                StringBuilder text = new StringBuilder("{\"text\":\"row ").append(row);
                int words = 20 + random.nextInt(260);
                for (int i = 0; i < words; i++) {
                    text.append(' ').append(Integer.toString(random.nextInt(1 << 20), 36));
                }
                byte[] line = text.append("\"}\n").toString().getBytes(StandardCharsets.UTF_8);
                out.write(line);
                written += line.length;
            }
        }
    }

    private static void look() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("RssAnon:")) {
                    peakKibibytes = Math.max(peakKibibytes, Long.parseLong(line.replaceAll("\\D", "")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One token a word, all scored. */
    private static final class Words implements RowEncoder {

        @Override
        public TokenisedRow encode(TrainingRow row) {
            if (!(row instanceof TrainingRow.Text(String text))) {
                throw new IllegalArgumentException("Rows are texts, not " + row);
            }
            int[] ids = IntStream.range(0, text.length())
                    .filter(i -> i == 0 || text.charAt(i - 1) == ' ')
                    .map(i -> text.charAt(i) * 31 + i & 0xffff)
                    .toArray();
            boolean[] scored = new boolean[ids.length];
            Arrays.fill(scored, true);
            return new TokenisedRow(ids, scored);
        }

        @Override
        public Digest digest() {
            return Digest.ofSha256(Hashing.sha256().digest("words".getBytes(StandardCharsets.UTF_8)));
        }
    }
}
