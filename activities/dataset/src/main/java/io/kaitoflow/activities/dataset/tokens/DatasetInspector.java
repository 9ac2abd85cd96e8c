package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.ReadRow;
import io.kaitoflow.activities.dataset.rows.RowCursor;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.preflight.DatasetReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Looks at a data set without keeping anything of it. Every row is read and checked; of a large data set only a seeded
 * sample is tokenised, and the report says so.
 */
public final class DatasetInspector {

    private static final ByteSize EXACT_UP_TO = ByteSize.ofGibibytes(1);
    private static final int PROBLEMS_SHOWN = 20;

    /** Texts that were made with a model's marks have them in every row. */
    private static final int SEARCHED_FOR_MARKS = 100;

    private final ByteSize exactUpTo;

    /** Exact up to 1 GiB of files. */
    public DatasetInspector() {
        this(EXACT_UP_TO);
    }

    DatasetInspector(ByteSize exactUpTo) {
        this.exactUpTo = exactUpTo;
    }

    /** Reads all rows; bad rows and bad files are in the result, not thrown. */
    public Inspection inspect(TokenisingJob job, ProgressListener listener) {
        return new Pass(job, sampledShare(job.rows().files()), listener).run();
    }

    private double sampledShare(List<DataFile> files) {
        long bytes = files.stream().mapToLong(DatasetInspector::size).sum();
        return bytes <= exactUpTo.bytes() ? 1 : (double) exactUpTo.bytes() / bytes;
    }

    private static long size(DataFile file) {
        try {
            return Files.size(file.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One look. */
    private static final class Pass {

        private final TokenisingJob job;
        private final double share;
        private final ProgressListener listener;
        private final Random chance;
        private final DatasetStatistics statistics = new DatasetStatistics();
        private final List<String> problems = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private long problemCount;
        private long usableRows;

        Pass(TokenisingJob job, double share, ProgressListener listener) {
            this.job = job;
            this.share = share;
            this.listener = listener;
            this.chance = new Random(job.seed());
        }

        Inspection run() {
            try (RowCursor cursor = job.rows().open()) {
                long number = 0;
                while (cursor.hasNext()) {
                    look(cursor.next());
                    if (number++ % 256 == 0) {
                        listener.report("inspecting rows", number, 0);
                    }
                }
            } catch (DatasetException.Invalid e) {
                problem(String.valueOf(e.getMessage()));
            }
            return result();
        }

        private void look(ReadRow row) {
            switch (row) {
                case ReadRow.Unusable unusable -> problem(unusable.sentence());
                case ReadRow.Usable usable -> {
                    usableRows++;
                    lookForMarks(usable);
                    if (share >= 1 || chance.nextDouble() < share) {
                        judge(usable);
                    }
                }
            }
        }

        private void lookForMarks(ReadRow.Usable usable) {
            if (notes.isEmpty()
                    && usableRows <= SEARCHED_FOR_MARKS
                    && job.encoder().spellsMark(usable.row())) {
                notes.add(usable.origin() + ": the text spells a mark of the model's, and is learnt as the letters that"
                        + " it is written in; write chats as messages, and the model's template sets its marks.");
            }
        }

        private void judge(ReadRow.Usable usable) {
            switch (JudgedRow.of(usable, job)) {
                case JudgedRow.Rejected rejected -> {
                    usableRows--;
                    problem(rejected.sentence());
                }
                case JudgedRow.Trainable trainable -> statistics.add(trainable);
            }
        }

        private void problem(String sentence) {
            problemCount++;
            if (problems.size() < PROBLEMS_SHOWN) {
                problems.add(sentence);
            }
        }

        private Inspection result() {
            if (usableRows == 0) {
                return new Inspection(Optional.empty(), problems, problemCount, notes);
            }
            int heldOut = 0;
            try {
                heldOut = HeldOutRows.count(usableRows, job.trainFraction());
            } catch (DatasetException.Invalid e) {
                problem(String.valueOf(e.getMessage()));
            }
            DatasetReport report = share >= 1 ? statistics.exact(heldOut) : statistics.estimated(usableRows, heldOut);
            List<String> names = new FileNames(job.rows().files()).shown();
            return new Inspection(Optional.of(report.of(names)), problems, problemCount, notes);
        }
    }
}
