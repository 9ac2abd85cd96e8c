package io.kaitoflow.activities.dataset.rows;

import io.kaitoflow.activities.dataset.DatasetException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;

/**
 * One data file, row after row, never held in memory as a whole.
 *
 * <p>Throws {@link DatasetException.Invalid} where the file is broken in a way that hides the rows after it.
 */
interface RecordReader extends Iterator<RawRecord>, Closeable {

    /** Opens a file by its kind. */
    static RecordReader open(DataFile file) {
        try {
            return switch (file.kind()) {
                case PARQUET -> new ParquetRecords(file);
                case JSONL -> new JsonlRecords(file);
                case JSON -> new JsonRecords(file);
                case CSV -> new CsvRecords(file);
            };
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The file as a whole cannot be read. */
    static DatasetException.Invalid unreadable(DataFile file, Exception cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new DatasetException.Invalid(
                file.name() + " cannot be read as " + file.kind().extension() + ": "
                        + reason.lines().findFirst().orElse("") + "; fetch it again, or call it what it is ("
                        + FileKind.ACCEPTED + ").",
                cause);
    }
}
