package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.inference.server.adapters.AdapterDoor;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that were broken by chance: every one is answered, and never with a fault of the server. */
@Timeout(900)
class MutatedBodiesTest {

    private static final int REQUESTS = Integer.getInteger("kaitoflow.fuzz.requests", 2_000);
    private static final Map<String, String> BODIES = new TreeMap<>(Map.of(
            "/chat",
            "{\"prompt\":\"h\u00e9llo\",\"generate_kwargs\":{\"max_new_tokens\":4,\"do_sample\":true,\"top_p\":0.9,"
                    + "\"temperature\":0.7,\"min_length\":0},\"return_full_text\":true}",
            "/v1/chat/completions",
            "{\"model\":\"base\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":3,"
                    + "\"logprobs\":true,\"top_logprobs\":2,\"stop\":[\"x\"],\"seed\":-1,\"stream\":false}",
            "/v1/completions",
            "{\"model\":\"base\",\"prompt\":[\"hi\"],\"max_tokens\":3,\"stream\":true,"
                    + "\"stream_options\":{\"include_usage\":true},\"presence_penalty\":1.5}",
            "/tokenize",
            "{\"content\":\"some text\"}",
            "/v1/load_lora_adapter",
            "{\"lora_name\":\"x\",\"lora_path\":\"y\",\"strength\":0.5}",
            "/v1/unload_lora_adapter",
            "{\"lora_name\":\"x\"}"));
    private static final List<String> PIECES = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "99999999999999999999",
            "0.0000001",
            "[]",
            "{}",
            "\"\"",
            "\"\\ud800\"",
            "\\u0000",
            "[[[[[[[[",
            "}}",
            ",",
            ":",
            "\"n\":2",
            "\"tools\":[]",
            "NaN",
            "'a'",
            "/*",
            "\u0000",
            "\ud83d\ude00");

    @TempDir
    private Path folder;

    private final Random random = new Random(20_261_125);

    @Test
    void noMutationIsAnsweredWithAFaultOrNotAtAll() {
        Map<Integer, Integer> answers = new TreeMap<>();
        try (ServedModel served =
                ServedModel.with(ScriptedModel.ready(), Optional.empty(), new AdapterDoor.Callers(folder))) {
            for (int i = 0; i < REQUESTS; i++) {
                Map.Entry<String, String> chosen =
                        List.copyOf(BODIES.entrySet()).get(random.nextInt(BODIES.size()));
                byte[] body = mutated(chosen.getValue());
                HttpResponse<String> answer = send(served, chosen.getKey(), body);
                assertThat(answer.statusCode())
                        .as(() -> chosen.getKey() + " " + new String(body, StandardCharsets.ISO_8859_1) + " -> "
                                + answer.body())
                        .isLessThan(500);
                answers.merge(answer.statusCode(), 1, Integer::sum);
            }
        }
        // Else the mutations would test only the parser, or nothing at all.
        assertThat(answers).containsKeys(200, 400);
    }

    private HttpResponse<String> send(ServedModel served, String path, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(served.server.address().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", random.nextInt(10) == 0 ? "text/plain" : "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return served.send(request, BodyHandlers.ofString());
    }

    private byte[] mutated(String body) {
        StringBuilder text = new StringBuilder(body);
        for (int i = random.nextInt(3); i >= 0; i--) {
            mutate(text);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(5) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private void mutate(StringBuilder text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(12));
        switch (random.nextInt(5)) {
            case 0 -> text.delete(from, to);
            case 1 -> text.insert(from, PIECES.get(random.nextInt(PIECES.size())));
            case 2 -> text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
            case 3 -> text.insert(from, text.substring(from, to).repeat(random.nextInt(50)));
            default -> replaceValue(text);
        }
    }

    /** Keeps the form and changes a value, which gets further into the server than a broken form. */
    private void replaceValue(StringBuilder text) {
        int colon = text.indexOf(":", random.nextInt(text.length() + 1));
        int end = colon < 0 ? -1 : text.indexOf(",", colon);
        if (end > 0) {
            text.replace(colon + 1, end, PIECES.get(random.nextInt(11)));
        }
    }
}
