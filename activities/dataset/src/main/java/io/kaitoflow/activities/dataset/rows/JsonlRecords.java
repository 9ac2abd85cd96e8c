package io.kaitoflow.activities.dataset.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; the row number is the line number, empty lines are passed over. */
final class JsonlRecords implements RecordReader {

    /** A longer line is no row of text but a file of another kind. */
    private static final int LONGEST_LINE_BYTES = 16 << 20;

    private static final ObjectReader OBJECT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(new TypeReference<Map<String, Object>>() {});

    private final InputStream bytes;
    private long line;
    private @Nullable RawRecord next;

    JsonlRecords(DataFile file) throws IOException {
        this.bytes = new BufferedInputStream(Files.newInputStream(file.path()), 1 << 16);
        this.next = read();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public RawRecord next() {
        RawRecord current = next;
        if (current == null) {
            throw new NoSuchElementException();
        }
        try {
            next = read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return current;
    }

    private @Nullable RawRecord read() throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
        while (true) {
            buffer.reset();
            boolean more = readLine(buffer);
            line++;
            if (buffer.size() > LONGEST_LINE_BYTES) {
                return new RawRecord.Broken(
                        line, "the line is longer than 16 MiB; split the row, or write one object a line");
            }
            String text = decode(buffer.toByteArray());
            if (text == null) {
                return new RawRecord.Broken(line, "the line is not UTF-8 text; save the file as UTF-8");
            }
            if (!text.isBlank()) {
                return parse(text);
            }
            if (!more) {
                return null;
            }
        }
    }

    /** Collects one line, at most one byte more than is allowed; false at the end of the file. */
    private boolean readLine(ByteArrayOutputStream buffer) throws IOException {
        int read;
        while ((read = bytes.read()) >= 0) {
            if (read == '\n') {
                return true;
            }
            if (buffer.size() <= LONGEST_LINE_BYTES) {
                buffer.write(read);
            }
        }
        return false;
    }

    private static @Nullable String decode(byte[] line) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private RawRecord parse(String text) {
        try {
            return new RawRecord.Columns(line, OBJECT.readValue(text));
        } catch (MismatchedInputException e) {
            return new RawRecord.Broken(line, "the line is JSON, and not one object; write one object a line");
        } catch (JsonProcessingException e) {
            return new RawRecord.Broken(
                    line,
                    "the line is not one JSON object (" + e.getOriginalMessage()
                            + "); write one object a line, or fetch the file again if it was cut short");
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
