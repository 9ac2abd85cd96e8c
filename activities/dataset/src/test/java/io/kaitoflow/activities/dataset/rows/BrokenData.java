package io.kaitoflow.activities.dataset.rows;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.annotation.Alias;
import com.jerolba.carpet.annotation.ParquetString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Rows and files as people happen to have them, each fault in every kind of file that can have it. */
final class BrokenData {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ASKED = "{\"role\":\"user\",\"content\":\"Hi\"}";
    private static final String CHAT = "{\"messages\":[" + ASKED + ",{\"role\":\"assistant\",\"content\":\"Hello\"}]}";
    private static final String PAIR = "{\"prompt\":\"Why?\",\"completion\":\"Because.\"}";
    private static final String TEXT = "{\"text\":\"tea\"}";
    private static final int MEGABYTE = 1 << 20;

    private final Map<String, Map<FileKind, byte[]>> faults = new LinkedHashMap<>();

    /** Public, as all of these, because the writer reads the components by reflection. */
    public record Call(@Nullable String id) {}

    public record Message(
            @Nullable String role,
            @Nullable String content,

            @JsonProperty("tool_calls") @Alias("tool_calls") @Nullable
            List<Call> toolCalls) {}

    public record Chat(@Nullable List<Message> messages) {}

    public record Pair(@Nullable String prompt, @Nullable String completion) {}

    public record Text(@Nullable String text) {}

    public record Number(double text) {}

    public record Numbers(List<Integer> messages) {}

    public record Strange(
            @Nullable String question, @Nullable String answer) {}

    public record Bytes(@ParquetString Binary text) {}

    private BrokenData() {
        chats();
        columns();
        bytes();
        files();
    }

    /** By the name of the fault; a file has three rows, the second of them bad, unless all of it is. */
    static Map<String, Map<FileKind, byte[]>> all() {
        return Collections.unmodifiableMap(new BrokenData().faults);
    }

    private void chats() {
        nested("no messages", Chat.class, CHAT, "{\"messages\":[]}");
        nested("messages are null", Chat.class, CHAT, "{\"messages\":null}");
        nested("no role", Chat.class, CHAT, "{\"messages\":[{\"content\":\"Hi\"}]}");
        nested("unknown role", Chat.class, CHAT, "{\"messages\":[{\"role\":\"robot\",\"content\":\"Hi\"}]}");
        nested("no content", Chat.class, CHAT, "{\"messages\":[{\"role\":\"user\"}]}");
        nested("nobody answers", Chat.class, CHAT, "{\"messages\":[" + ASKED + "]}");
        nested(
                "tool calls",
                Chat.class,
                CHAT,
                "{\"messages\":[" + ASKED
                        + ",{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"1\"}]}]}");
    }

    private void columns() {
        flat("an empty answer", Pair.class, PAIR, "{\"prompt\":\"How?\",\"completion\":\" \"}");
        nested("an answer is null", Pair.class, PAIR, "{\"prompt\":\"How?\",\"completion\":null}");
        add("a column of numbers", Number.class, "{\"text\":7.5}", "{\"text\":7.5}");
        add("messages of numbers", Numbers.class, "{\"messages\":[7]}", "{\"messages\":[7]}");
        faults.put(
                "messages in a table",
                Map.of(FileKind.CSV, utf8("messages\n\"[" + ASKED.replace("\"", "\"\"") + "]\"\n")));
        flat("columns of other names", Strange.class, "{\"question\":\"Why?\"}", "{\"question\":\"How?\"}");
    }

    private void bytes() {
        faults.put(
                "not UTF-8",
                Map.of(
                        FileKind.JSONL, latin("{\"text\":\"tea\"}\n{\"text\":\"caf\u00e9\"}\n{\"text\":\"tea\"}\n"),
                        FileKind.JSON, latin("[{\"text\":\"tea\"},\n{\"text\":\"caf\u00e9\"},\n{\"text\":\"tea\"}]"),
                        FileKind.CSV, latin("text\ntea\ncaf\u00e9\ntea\n"),
                        FileKind.PARQUET, rawParquet("tea", "caf\u00e9", "tea")));
        faults.put(
                "UTF-16",
                Map.of(
                        FileKind.JSONL, (TEXT + "\n").getBytes(StandardCharsets.UTF_16),
                        FileKind.JSON, ("[" + TEXT + "]").getBytes(StandardCharsets.UTF_16),
                        FileKind.CSV, "text\ntea\n".getBytes(StandardCharsets.UTF_16)));
        String megabyte = "{\"text\":\"" + "word ".repeat(MEGABYTE / 5) + "\"}";
        flat("a row of a megabyte, which is none", Text.class, TEXT, megabyte);
        flat("a text with U+FFFD in it, which is none", Text.class, TEXT, "{\"text\":\"what \uFFFD was\"}");
        faults.put(
                "a line of 17 megabytes",
                Map.of(FileKind.JSONL, utf8("{\"text\":\"" + "word ".repeat(17 * MEGABYTE / 5) + "\"}\n" + TEXT)));
    }

    private void files() {
        Map<FileKind, byte[]> sound = every(Pair.class, PAIR, PAIR, PAIR);
        sound.put(FileKind.CSV, utf8("prompt,completion\nWhy?,Because.\nHow?,\"With care,\nand slowly.\"\n"));
        faults.put("cut short", damaged(sound, whole -> Arrays.copyOf(whole, whole.length - 8)));
        faults.put("empty", damaged(sound, whole -> new byte[0]));
        faults.put("a page to sign in", damaged(sound, whole -> utf8("<!doctype html>\n<title>Sign in</title>\n")));
        faults.put(
                "no rows",
                Map.of(
                        FileKind.JSONL, utf8("\n\n"),
                        FileKind.JSON, utf8("[]"),
                        FileKind.CSV, utf8("prompt,completion\n"),
                        FileKind.PARQUET, parquet(Pair.class)));
        faults.put(
                "rows that are no objects",
                Map.of(
                        FileKind.JSONL,
                        utf8(PAIR + "\n[1]\n" + PAIR),
                        FileKind.JSON,
                        utf8("[" + PAIR + ",[1]," + PAIR + "]")));
        faults.put("all rows in one object", Map.of(FileKind.JSON, wrapped()));
        faults.put("a comma too many", Map.of(FileKind.CSV, utf8("text\ntea\ncoffee,milk\n")));
        faults.put("pages overwritten", Map.of(FileKind.PARQUET, overwritten(sound)));
    }

    /** One object around all rows, as some libraries write tables. */
    private static byte[] wrapped() {
        return utf8("{\"version\":1,\"data\":[" + String.join(",", Collections.nCopies(100_000, TEXT)) + "]}");
    }

    private interface Damage {
        byte[] done(byte[] whole);
    }

    private static Map<FileKind, byte[]> damaged(Map<FileKind, byte[]> sound, Damage damage) {
        return sound.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, file -> damage.done(file.getValue())));
    }

    private static byte[] overwritten(Map<FileKind, byte[]> sound) {
        byte[] bytes = sound.getOrDefault(FileKind.PARQUET, new byte[0]).clone();
        Arrays.fill(bytes, 4, 60, (byte) 0x5a);
        return bytes;
    }

    /** Every kind but tables, whose cells are all texts. */
    private void nested(String fault, Class<?> columns, String good, String bad) {
        add(fault, columns, good, bad);
    }

    private void flat(String fault, Class<?> columns, String good, String bad) {
        add(fault, columns, good, bad).put(FileKind.CSV, utf8(table(good, bad, good)));
    }

    private Map<FileKind, byte[]> add(String fault, Class<?> columns, String good, String bad) {
        Map<FileKind, byte[]> files = every(columns, good, bad, good);
        faults.put(fault, files);
        return files;
    }

    private static Map<FileKind, byte[]> every(Class<?> columns, String... rows) {
        Map<FileKind, byte[]> files = new LinkedHashMap<>();
        files.put(FileKind.JSONL, utf8(String.join("\n", rows) + "\n"));
        files.put(FileKind.JSON, utf8("[" + String.join(",\n", rows) + "]"));
        files.put(FileKind.PARQUET, parquet(columns, rows));
        return files;
    }

    private static String table(String... rows) {
        String header =
                String.join(",", JSON.convertValue(read(rows[0]), Map.class).keySet());
        return header
                + Arrays.stream(rows)
                        .map(BrokenData::read)
                        .map(row -> StreamSupport.stream(row.spliterator(), false)
                                .map(cell -> '"' + cell.asText() + '"')
                                .collect(Collectors.joining(",", "\n", "")))
                        .collect(Collectors.joining());
    }

    private static JsonNode read(String row) {
        try {
            return JSON.readTree(row);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] parquet(Class<?> columns, String... rows) {
        return write(
                columns,
                Arrays.stream(rows)
                        .map(row -> JSON.convertValue(read(row), columns))
                        .toList());
    }

    private static byte[] rawParquet(String... latin) {
        return write(
                Bytes.class,
                Arrays.stream(latin)
                        .map(text -> new Bytes(Binary.fromConstantByteArray(latin(text))))
                        .toList());
    }

    @SuppressWarnings("unchecked") // the class and the rows come from the same place
    private static byte[] write(Class<?> columns, List<?> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CarpetWriter<Object> writer = new CarpetWriter.Builder<>(bytes, (Class<Object>) columns).build()) {
            writer.write((List<Object>) rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
