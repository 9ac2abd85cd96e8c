package io.kaitoflow.activities.dataset.tokens;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.preflight.DatasetReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.IntUnaryOperator;

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

    /** The rows to train on. A row is read from the file whenever it is asked for, and nothing of it stays. */
    public MeasuredRows training() {
        return new Rows(table.rows() - heldOut.length, this::trainingRow);
    }

    /** The rows kept for evaluation, read as those of {@link #training}. */
    public MeasuredRows heldOut() {
        return new Rows(heldOut.length, index -> heldOut[index]);
    }

    /** Where the row lies: as many places later as there are held-out rows before it. */
    private int trainingRow(int index) {
        int low = 0;
        int high = heldOut.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (heldOut[middle] - middle <= index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return index + low;
    }

    private final class Rows extends AbstractList<TokenisedRow> implements MeasuredRows, RandomAccess {
        private final int size;
        private final IntUnaryOperator number;

        Rows(int size, IntUnaryOperator number) {
            this.size = size;
            this.number = number;
        }

        @Override
        public TokenisedRow get(int index) {
            return table.row(number.applyAsInt(Objects.checkIndex(index, size)));
        }

        @Override
        public int length(int index) {
            return table.length(number.applyAsInt(Objects.checkIndex(index, size)));
        }

        @Override
        public int size() {
            return size;
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
