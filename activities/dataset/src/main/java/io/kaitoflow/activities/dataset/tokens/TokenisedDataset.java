package io.kaitoflow.activities.dataset.tokens;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.preflight.DatasetReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * Tokenised rows on this machine, memory-mapped, in the order of the source. Rows to train on and rows held out for
 * evaluation are numbered apart, each from 0. Safe for many readers; the opener closes it.
 */
public final class TokenisedDataset implements AutoCloseable {

    static final String TABLE = "rows.bin";
    static final String MANIFEST = "dataset.json";

    static final JsonMapper JSON = new JsonMapper();

    private final RowTable table;
    private final Manifest manifest;
    private final int[] training;
    private final int[] heldOut;

    /**
     * What stands beside the table.
     *
     * @param digest of the rows and of which are held out
     * @param seed of the choice of the held-out rows
     * @param report what the rows hold
     */
    record Manifest(Digest digest, long seed, DatasetReport report) {}

    private TokenisedDataset(RowTable table, Manifest manifest) {
        this.table = table;
        this.manifest = manifest;
        int count = Math.toIntExact(manifest.report().heldOutRows());
        this.heldOut = HeldOutRows.choose(table.rows(), count, manifest.seed());
        this.training = others(table.rows(), heldOut);
    }

    /** @param folder as {@link TokenisedDatasets#prepare} made it */
    public static TokenisedDataset open(Path folder) {
        try {
            Manifest manifest = JSON.readValue(folder.resolve(MANIFEST).toFile(), Manifest.class);
            return new TokenisedDataset(RowTable.open(folder.resolve(TABLE)), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException("The tokenised rows in " + folder + " cannot be read", e);
        }
    }

    private static int[] others(int rows, int[] chosen) {
        int[] others = new int[rows - chosen.length];
        int next = 0;
        for (int row = 0; row < rows; row++) {
            if (Arrays.binarySearch(chosen, row) < 0) {
                others[next++] = row;
            }
        }
        return others;
    }

    /** The rows to train on. A row is read from the file whenever it is asked for, and nothing of it stays. */
    public List<TokenisedRow> training() {
        return new Rows(training);
    }

    /** The rows kept for evaluation, read as those of {@link #training}. */
    public List<TokenisedRow> heldOut() {
        return new Rows(heldOut);
    }

    private final class Rows extends AbstractList<TokenisedRow> implements RandomAccess {
        private final int[] numbers;

        Rows(int[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public TokenisedRow get(int index) {
            return table.row(numbers[index]);
        }

        @Override
        public int size() {
            return numbers.length;
        }
    }

    /** Equal digests, equal rows and equal split. */
    public Digest digest() {
        return manifest.digest();
    }

    /** What the rows hold. */
    public DatasetReport report() {
        return manifest.report();
    }

    @Override
    public void close() {
        table.close();
    }
}
