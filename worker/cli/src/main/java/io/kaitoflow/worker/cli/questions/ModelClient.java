package io.kaitoflow.worker.cli.questions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Talks to a served model as any user would: {@code POST /chat} and the streaming OpenAI call. */
public final class ModelClient implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** @param url of the server */
    public ModelClient(String url) {
        this.url = url;
    }

    /** The greedy answer of {@code model} to one question. */
    String ask(String model, String question, int maxNewTokens) {
        Map<String, Object> body =
                Map.of("model", model, "prompt", question, "generate_kwargs", Map.of("max_new_tokens", maxNewTokens));
        JsonNode answer = parse(send("/chat", body, BodyHandlers.ofString()).body());
        return answer.path("Result").asText().strip();
    }

    /** Streams the answer to {@code sink}, piece by piece, as it is made. */
    public void stream(Optional<String> model, String question, int maxNewTokens, Consumer<String> sink) {
        Map<String, Object> message = Map.of("role", "user", "content", question);
        Map<String, Object> body = new java.util.HashMap<>(
                Map.of("messages", java.util.List.of(message), "stream", true, "max_tokens", maxNewTokens));
        body.put("temperature", 0);
        model.ifPresent(name -> body.put("model", name));
        try (Stream<String> lines =
                send("/v1/chat/completions", body, BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.startsWith("data: ") && !line.equals("data: [DONE]"))
                    .map(line -> parse(line.substring("data: ".length())))
                    .map(chunk -> chunk.path("choices").path(0).path("delta").path("content"))
                    .filter(JsonNode::isTextual)
                    .forEach(piece -> sink.accept(piece.asText()));
        }
    }

    private <T> HttpResponse<T> send(String path, Map<String, Object> body, HttpResponse.BodyHandler<T> handler) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(ANSWER_LIMIT)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
            HttpResponse<T> response = http.send(request, handler);
            if (response.statusCode() != 200) {
                throw new CommandFailure(ExitCode.FAILED, refusal(path, response));
            }
            return response;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "No model answers at " + url + " (" + e + "); start one with: kaitoflow run FILE");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted while waiting for " + url + path + ".");
        }
    }

    private String refusal(String path, HttpResponse<?> response) {
        String text = response.body() instanceof Stream<?> lines
                ? String.join(" ", lines.map(String::valueOf).toList())
                : String.valueOf(response.body());
        return url + path + " answered " + response.statusCode() + ": " + text;
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "The server's answer is not JSON: " + text);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
