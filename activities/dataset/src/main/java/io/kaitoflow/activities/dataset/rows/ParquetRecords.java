package io.kaitoflow.activities.dataset.rows;

import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.presets.ByteSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Rows of a parquet file; nested lists of structs become lists of maps. */
final class ParquetRecords implements RecordReader {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private final DataFile file;
    private final CloseableIterator<Map<String, Object>> rows;
    private final ParquetTexts texts;
    private long number;

    ParquetRecords(DataFile file) throws IOException {
        this(file, RowGroups.room());
    }

    ParquetRecords(DataFile file, ByteSize room) throws IOException {
        this.file = file;
        this.texts = new ParquetTexts(file.path());
        requireWhole(file);
        rowGroups().requireToFit(room);
        try {
            this.rows = new CarpetReader<>(file.path().toFile(), rowType()).iterator();
        } catch (RuntimeException e) {
            throw brokenAfter(0, e);
        }
    }

    private RowGroups rowGroups() throws IOException {
        try {
            return RowGroups.of(file);
        } catch (RuntimeException e) {
            throw brokenAfter(0, e);
        }
    }

    /** The library takes {@code Map.class} as the request for untyped rows, and the class token cannot say of what. */
    @SuppressWarnings("unchecked")
    private static Class<Map<String, Object>> rowType() {
        return (Class<Map<String, Object>>) (Class<?>) Map.class;
    }

    /** Says in plain words what the library would say with an object address: the file is cut short, or no parquet. */
    private static void requireWhole(DataFile file) throws IOException {
        Path path = file.path();
        if (Files.size(path) < 12) {
            throw new DatasetException.Invalid(file.name() + " is no parquet file: it is only " + Files.size(path)
                    + " bytes long; fetch or write it again.");
        }
        try (RandomAccessFile bytes = new RandomAccessFile(path.toFile(), "r")) {
            byte[] mark = new byte[MAGIC.length];
            bytes.readFully(mark);
            if (!Arrays.equals(mark, MAGIC)) {
                throw new DatasetException.Invalid(file.name()
                        + " is no parquet file: it does not begin with PAR1; fetch it again, or call it what it is ("
                        + FileKind.ACCEPTED + ").");
            }
            bytes.seek(bytes.length() - MAGIC.length);
            bytes.readFully(mark);
            if (!Arrays.equals(mark, MAGIC)) {
                throw new DatasetException.Invalid(
                        file.name() + " is a broken parquet file: its end is missing; fetch or write it again.");
            }
        }
    }

    @Override
    public boolean hasNext() {
        try {
            return rows.hasNext();
        } catch (RuntimeException e) {
            throw brokenAfter(number, e);
        }
    }

    @Override
    public RawRecord next() {
        try {
            Map<String, Object> values = rows.next();
            number++;
            return ParquetTexts.mayBeReplaced(values) && !texts.isUtf8(number)
                    ? new RawRecord.Broken(number, "a text of the row is not UTF-8; write the file as UTF-8")
                    : new RawRecord.Columns(number, values);
        } catch (RuntimeException e) {
            throw brokenAfter(number, e);
        }
    }

    private DatasetException.Invalid brokenAfter(long row, RuntimeException cause) {
        // The library parses pages as it would parse what a network brings, and says so of each that ends too early.
        String reason = String.valueOf(cause.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(": Socket is closed by peer\\.$", "");
        return new DatasetException.Invalid(
                file.name() + " is a broken parquet file: nothing after row " + row + " can be read (" + reason
                        + "); fetch or write it again.",
                cause);
    }

    @Override
    public void close() throws IOException {
        texts.close();
        rows.close();
    }
}
