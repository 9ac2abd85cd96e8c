package io.kaitoflow.activities.dataset.rows;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.kaitoflow.activities.dataset.DatasetException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;

/** Comma-separated rows under a header line, quoted as RFC 4180 says. */
final class CsvRecords implements RecordReader {

    /**
     * Stands for bytes that are no UTF-8. It is a non-character, so no text holds it by right, and a decoder that threw
     * instead would do so a buffer ahead of the row that is to blame.
     */
    private static final String NOT_UTF8 = "\uFFFF";

    private final DataFile file;
    private final BufferedReader reader;
    private final MappingIterator<Map<String, Object>> rows;
    private long number;

    CsvRecords(DataFile file) throws IOException {
        this.file = file;
        this.reader = new BufferedReader(new InputStreamReader(Files.newInputStream(file.path()), decoder()));
        try {
            skipByteOrderMark();
            this.rows = isAtEnd()
                    ? MappingIterator.emptyIterator()
                    : new CsvMapper()
                            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                            .readerForMapOf(Object.class)
                            .with(CsvSchema.emptySchema().withHeader())
                            .readValues(reader);
        } catch (IOException e) {
            reader.close();
            throw e;
        }
    }

    private static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .replaceWith(NOT_UTF8);
    }

    private void skipByteOrderMark() throws IOException {
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
    }

    private boolean isAtEnd() throws IOException {
        reader.mark(1);
        boolean end = reader.read() < 0;
        reader.reset();
        return end;
    }

    @Override
    public boolean hasNext() {
        try {
            return rows.hasNextValue();
        } catch (IOException e) {
            throw brokenAfter(e);
        }
    }

    @Override
    public RawRecord next() {
        try {
            Map<String, Object> values = rows.nextValue();
            requireReadableHeader(values);
            number++;
            return values.values().stream().anyMatch(CsvRecords::isNotUtf8)
                    ? new RawRecord.Broken(number, "the row is not UTF-8 text; save the file as UTF-8")
                    : new RawRecord.Columns(number, values);
        } catch (IOException e) {
            throw brokenAfter(e);
        }
    }

    private void requireReadableHeader(Map<String, Object> values) {
        if (values.keySet().stream().anyMatch(CsvRecords::isNotUtf8)) {
            throw new DatasetException.Invalid(
                    file.name() + " has a header that is not UTF-8 text; save the file as UTF-8.");
        }
    }

    private static boolean isNotUtf8(Object value) {
        return value instanceof String text && text.contains(NOT_UTF8);
    }

    private DatasetException.Invalid brokenAfter(IOException cause) {
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new DatasetException.Invalid(
                new RowOrigin(file.name(), number + 1) + ": the row cannot be read (" + reason
                        + "); put double quotes around a field that holds a comma or a line end, and double the quotes inside it.",
                cause);
    }

    @Override
    public void close() throws IOException {
        rows.close();
        reader.close();
    }
}
