package io.kaitoflow.activities.dataset.rows;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Reads the values of a row strictly: a number is no text. */
final class Cell {

    private Cell() {}

    /** The text of a column that must have one. */
    static String text(Map<?, ?> values, String name) throws UnusableRowException {
        Object value = values.get(name);
        return switch (value) {
            case null -> throw missing(name);
            case String text -> text;
            case Binary bytes -> utf8(name, bytes);
            default -> throw wrongType(name, value, "text");
        };
    }

    /** Old writers leave out the mark that says the bytes are text. */
    private static String utf8(String name, Binary bytes) throws UnusableRowException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableRowException("\"" + name + "\" is not UTF-8 text; write the file as UTF-8");
        }
    }

    /** As {@link #text}, and it says something. */
    static String nonBlankText(Map<?, ?> values, String name) throws UnusableRowException {
        String text = text(values, name);
        if (text.isBlank()) {
            throw empty(name);
        }
        return text;
    }

    /** The list of a column that must have one. */
    static List<?> list(Map<?, ?> values, String name) throws UnusableRowException {
        Object value = values.get(name);
        return switch (value) {
            case null -> throw missing(name);
            case List<?> list -> list;
            default -> throw wrongType(name, value, "a list of messages");
        };
    }

    static UnusableRowException empty(String name) {
        return new UnusableRowException("\"" + name + "\" is empty; fill it, or leave the row out");
    }

    private static UnusableRowException missing(String name) {
        return new UnusableRowException("\"" + name + "\" is missing; add it, or leave the row out");
    }

    static UnusableRowException wrongType(String name, @Nullable Object value, String wanted) {
        return new UnusableRowException(
                "\"" + name + "\" is " + typeOf(value) + ", not " + wanted + "; write it so, or leave the row out");
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String _ -> "text";
            case Number _ -> "a number";
            case Boolean _ -> "true or false";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "an object";
            default -> "a " + value.getClass().getSimpleName();
        };
    }
}
