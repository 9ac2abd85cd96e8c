package io.kaitoflow.activities.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON as image files have it: components in declared order, no white space. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** The text is not JSON or not of the expected shape. */
    public static final class Malformed extends IOException {
        Malformed(String message) {
            super(message);
        }
    }

    public static <T> T read(byte[] json, Class<T> type) throws Malformed {
        try {
            @Nullable T value = MAPPER.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (IOException cause) {
            // Jackson's own message quotes the source, which may be a credentials file.
            throw new Malformed("not the expected JSON (" + place(cause) + ")");
        }
        throw new Malformed("not the expected JSON (null)");
    }

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A record of strings and numbers could not be written", impossible);
        }
    }

    private static String place(IOException cause) {
        if (cause instanceof JsonProcessingException known && known.getLocation() != null) {
            return "line " + known.getLocation().getLineNr() + ", column "
                    + known.getLocation().getColumnNr();
        }
        return cause.getClass().getSimpleName();
    }
}
