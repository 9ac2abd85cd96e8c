package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DiskSpace;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.RowCursor;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.preflight.DatasetReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;

/** A folder of tokenised data sets. Each is named by what it was made of, made once, and never half there. */
public final class TokenisedDatasets {

    private static final int FORMAT = 1;
    private static final int ROWS_PER_REPORT = 256;

    private final Path cache;

    public TokenisedDatasets(Path cache) {
        this.cache = cache;
    }

    /**
     * Tokenises a data set, or finds it tokenised.
     *
     * @return the folder for {@link TokenisedDataset#open}
     * @throws DatasetException.Invalid at the first row or file that cannot be trained on
     * @throws DatasetException.DiskFull naming the folder
     */
    public Path prepare(TokenisingJob job, ProgressListener listener) {
        try {
            Path folder = cache.resolve(key(job, listener).hex());
            if (!Files.exists(folder.resolve(TokenisedDataset.MANIFEST))) {
                Files.createDirectories(cache);
                make(job, folder, listener);
            }
            return folder;
        } catch (IOException e) {
            throw DiskSpace.isExhausted(e)
                    ? new DatasetException.DiskFull(cache, e)
                    : new DatasetException.Unavailable("The tokenised rows cannot be kept in " + cache + ": " + e, e);
        }
    }

    private static Digest key(TokenisingJob job, ProgressListener listener) throws IOException {
        MessageDigest hash = Hashing.sha256();
        for (DataFile file : job.rows().files()) {
            add(hash, file.kind() + " " + Hashing.of(file.path(), listener));
        }
        add(hash, job.rows().columns().toString());
        add(hash, job.encoder().digest().value());
        if (job.keepEnd()) {
            add(hash, "end");
        }
        add(hash, job.maxLength() + " " + job.trainFraction() + " " + job.seed() + " " + FORMAT);
        return Digest.ofSha256(hash.digest());
    }

    private static void add(MessageDigest hash, String line) {
        hash.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void make(TokenisingJob job, Path folder, ProgressListener listener) throws IOException {
        Path staging = Files.createTempDirectory(cache, ".staging");
        try {
            DatasetStatistics statistics = new DatasetStatistics();
            Digest rows = writeRows(job, staging.resolve(TokenisedDataset.TABLE), statistics, listener);
            int heldOut = HeldOutRows.count(statistics.rows(), job.trainFraction());
            DatasetReport report = statistics.exact(heldOut);
            Digest digest = withSplit(rows, heldOut, job.seed());
            TokenisedDataset.JSON.writeValue(
                    staging.resolve(TokenisedDataset.MANIFEST).toFile(),
                    new TokenisedDataset.Manifest(digest, job.seed(), report));
            Folders.force(staging);
            publish(staging, folder);
        } finally {
            Folders.delete(staging);
        }
    }

    private static Digest writeRows(
            TokenisingJob job, Path table, DatasetStatistics statistics, ProgressListener listener) throws IOException {
        try (RowCursor cursor = job.rows().open();
                RowTableWriter writer = new RowTableWriter(table)) {
            while (cursor.hasNext()) {
                switch (JudgedRow.of(cursor.next(), job)) {
                    case JudgedRow.Rejected rejected -> throw new DatasetException.Invalid(rejected.sentence());
                    case JudgedRow.Trainable row -> {
                        writer.add(row.kept());
                        statistics.add(row);
                    }
                }
                if (statistics.rows() % ROWS_PER_REPORT == 1) {
                    listener.report("tokenising rows", statistics.rows(), 0);
                }
            }
            return writer.finish();
        }
    }

    /** Without held-out rows the seed decides nothing. */
    private static Digest withSplit(Digest rows, int heldOut, long seed) {
        if (heldOut == 0) {
            return rows;
        }
        MessageDigest hash = Hashing.sha256();
        add(hash, rows + " " + heldOut + " " + seed);
        return Digest.ofSha256(hash.digest());
    }

    /** Another process that was faster has made the same bytes. */
    private static void publish(Path staging, Path folder) throws IOException {
        try {
            Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.exists(folder.resolve(TokenisedDataset.MANIFEST))) {
                throw e;
            }
        }
    }
}
