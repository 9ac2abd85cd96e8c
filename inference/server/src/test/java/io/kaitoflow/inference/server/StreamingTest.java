package io.kaitoflow.inference.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Server-sent events: their frames, their pace, and what happens when the caller goes away. */
class StreamingTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hello you\"}]";

    @Test
    void streamsAChatInOpenAisFrames() {
        try (ServedModel served = ServedModel.of(ScriptedModel.ready())) {
            HttpResponse<String> response = served.post(CHAT, "{" + HELLO + ", \"stream\": true}");

            assertThat(response.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(ServedModel.events(response).getLast()).isEqualTo("[DONE]");
            List<JsonNode> chunks = ServedModel.chunks(response);
            assertThat(chunks.getFirst().path("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(chunks.stream().map(chunk -> chunk.path("id").asText()).distinct())
                    .hasSize(1);
            assertThat(chunks.stream().map(chunk -> chunk.path("choices").toString()))
                    .startsWith("[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
                            + "\"finish_reason\":null}]")
                    .endsWith("[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]");
            assertThat(ServedModel.streamed(response)).isEqualTo("tuned heard user hello you");
            assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
        }
    }

    @Test
    void endsWithTheUsageWhenAsked() {
        try (ServedModel served = ServedModel.of(ScriptedModel.ready())) {
            List<JsonNode> chunks = ServedModel.chunks(served.post(
                    CHAT, "{" + HELLO + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}}"));

            assertThat(chunks.subList(0, chunks.size() - 1))
                    .allMatch(chunk -> chunk.path("usage").isNull());
            assertThat(chunks.getLast().path("choices")).isEmpty();
            assertThat(chunks.getLast().path("usage").path("total_tokens").asInt())
                    .isEqualTo(19);
        }
    }

    @Test
    void streamsATextCompletion() {
        try (ServedModel served = ServedModel.of(ScriptedModel.ready())) {
            List<JsonNode> chunks =
                    ServedModel.chunks(served.post("/v1/completions", "{\"prompt\": \"hello\", \"stream\": true}"));

            assertThat(chunks.stream()
                            .map(chunk ->
                                    chunk.path("choices").path(0).path("text").asText())
                            .collect(Collectors.joining()))
                    .isEqualTo("tuned heard hello");
        }
    }

    @Test
    void sendsTokensBeforeTheReplyIsDone() {
        ScriptedModel model = ScriptedModel.pausingAfter(2, 1);
        try (ServedModel served = ServedModel.of(model);
                Stream<String> lines = served.send(
                                served.posted(CHAT, "{" + HELLO + ", \"stream\": true}"), BodyHandlers.ofLines())
                        .body()) {
            List<String> rest = lines.filter(line -> line.startsWith("data: "))
                    .dropWhile(line -> !line.contains("heard"))
                    .peek(line -> model.open())
                    .toList();

            assertThat(rest.getLast()).isEqualTo("data: [DONE]");
        }
    }

    @Test
    void turnsAFailureUnderWayIntoAFrame() {
        ScriptedModel model = ScriptedModel.ready();
        try (ServedModel served = ServedModel.of(model)) {
            model.failNext();
            List<String> data = ServedModel.events(served.post(CHAT, "{" + HELLO + ", \"stream\": true}"));

            assertThat(data.getLast()).isEqualTo("[DONE]");
            assertThat(ServedModel.json(data.get(data.size() - 2))
                            .path("error")
                            .path("message")
                            .asText())
                    .isEqualTo("The model failed while it answered: scripted");
        }
    }

    @Test
    void aFailureUnderWayIsLoggedOnce() {
        PrintStream console = System.out;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ScriptedModel model = ScriptedModel.ready();
        try (ServedModel served = ServedModel.of(model)) {
            System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
            model.failNext();
            served.post(CHAT, "{" + HELLO + ", \"stream\": true}");
        } finally {
            System.setOut(console);
        }

        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("A reply failed.")
                .contains("IllegalStateException: scripted");
    }

    @Test
    void freesTheSlotWhenTheReaderOfAStreamGoesAway() throws IOException {
        ScriptedModel model = ScriptedModel.pausingAfter(1, 1);
        try (ServedModel served = ServedModel.of(model)) {
            try (Socket caller = send(served, CHAT, "{" + HELLO + ", \"stream\": true}")) {
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8));
                assertThat(reader.lines().anyMatch(line -> line.contains("tuned")))
                        .isTrue();
                assertThat(model.freeSlots()).isZero();
            }

            await().atMost(10, SECONDS).until(() -> model.freeSlots() == 1);
        }
    }

    @Test
    void freesTheSlotWhenTheCallerOfAWholeReplyGoesAway() throws IOException {
        ScriptedModel model = ScriptedModel.pausingAfter(1, 1);
        try (ServedModel served = ServedModel.of(model)) {
            try (Socket _ = send(served, "/chat", "{\"prompt\": \"hello\"}")) {
                await().atMost(10, SECONDS).until(() -> model.freeSlots() == 0);
            }

            await().atMost(10, SECONDS).until(() -> model.freeSlots() == 1);
        }
    }

    @Test
    void endsAReplyAtItsDeadline() {
        ScriptedModel model = ScriptedModel.pausingAfter(1, 1);
        try (ServedModel served = ServedModel.with(() -> model, Duration.ofMillis(300))) {
            HttpResponse<String> response = served.post("/chat", "{\"prompt\": \"hello\"}");

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.headers().firstValue("x-should-retry")).hasValue("false");
            assertThat(response.body()).contains("1 tokens made");
            assertThat(model.freeSlots()).isEqualTo(1);
        }
    }

    private static Socket send(ServedModel served, String path, String body) throws IOException {
        Socket socket = new Socket(served.address().getHost(), served.address().getPort());
        OutputStream out = socket.getOutputStream();
        out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }
}
