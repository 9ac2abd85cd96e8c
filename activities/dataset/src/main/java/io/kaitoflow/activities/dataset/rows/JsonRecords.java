package io.kaitoflow.activities.dataset.rows;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.dataset.DatasetException;
import java.io.IOException;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A JSON array of objects, or objects one after the other. */
final class JsonRecords implements RecordReader {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectReader OBJECT = MAPPER.readerFor(new TypeReference<Map<String, Object>>() {});

    private final DataFile file;
    private final RowGuard parser;
    private final boolean array;
    private @Nullable JsonToken token;
    private long number;

    JsonRecords(DataFile file) throws IOException {
        this.file = file;
        this.parser = new RowGuard(MAPPER.createParser(file.path().toFile()));
        this.token = advance();
        this.array = token == JsonToken.START_ARRAY;
        if (array) {
            this.token = advance();
        }
    }

    @Override
    public boolean hasNext() {
        return token != null && !(array && token == JsonToken.END_ARRAY);
    }

    @Override
    public RawRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        number++;
        try {
            RawRecord row = token == JsonToken.START_OBJECT
                    ? new RawRecord.Columns(number, OBJECT.readValue(parser))
                    : notAnObject();
            parser.beginRow();
            token = advance();
            return row;
        } catch (RowGuard.TooLargeException e) {
            throw new DatasetException.Invalid(new RowOrigin(file.name(), number) + ": " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw brokenAt(e);
        }
    }

    private RawRecord notAnObject() throws IOException {
        parser.skipChildren();
        return new RawRecord.Broken(number, "it is not a JSON object; write each row as one, with its columns as keys");
    }

    private @Nullable JsonToken advance() {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw brokenAt(e);
        }
    }

    private DatasetException.Invalid brokenAt(IOException cause) {
        String reason = cause instanceof com.fasterxml.jackson.core.JsonProcessingException json
                ? json.getOriginalMessage()
                : cause.getMessage();
        var place = parser.currentLocation();
        return new DatasetException.Invalid(
                new RowOrigin(file.name(), Math.max(1, number)) + ": the JSON is broken at line " + place.getLineNr()
                        + ", column " + place.getColumnNr() + " (" + reason + "); " + cure(reason) + ".",
                cause);
    }

    private static String cure(@Nullable String reason) {
        return String.valueOf(reason).startsWith("Invalid UTF-8")
                ? "save the file as UTF-8"
                : "mend it there, or fetch the file again if it was cut short";
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
