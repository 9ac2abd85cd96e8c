package io.kaitoflow.activities.dataset.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of data files. */
public enum FileKind {
    PARQUET,
    JSONL,
    JSON,
    CSV;

    /** All of them, for messages. */
    public static final String ACCEPTED = "parquet, jsonl, json and csv";

    private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** The usual file name extension, without the dot. */
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By the end of a file name; {@code ndjson} is another name of jsonl. */
    public static Optional<FileKind> ofName(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (extension.equals("ndjson")) {
            return Optional.of(JSONL);
        }
        return Arrays.stream(values())
                .filter(kind -> kind.extension().equals(extension))
                .findFirst();
    }

    /**
     * By content, where the name says nothing. Comma-separated text has no mark of its own and is never guessed.
     *
     * @param head first bytes of the file
     */
    public static Optional<FileKind> ofContent(byte[] head) {
        if (startsWith(head, PARQUET_MAGIC)) {
            return Optional.of(PARQUET);
        }
        String text = new String(head, StandardCharsets.UTF_8).stripLeading();
        if (text.startsWith("[")) {
            return Optional.of(JSON);
        }
        return text.startsWith("{") ? Optional.of(JSONL) : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }
}
