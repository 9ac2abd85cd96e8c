package io.kaitoflow.inference.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.chat.ModelLoader;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.keys.KeyPlace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** A real server on a free port, and a caller of it. */
final class ServedModel implements AutoCloseable {

    static final ServedNames NAMES = new ServedNames("base", List.of("tuned"));
    private static final ObjectMapper JSON = new ObjectMapper();

    final ModelServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    private ServedModel(ModelServer server) {
        this.server = server;
    }

    static ServedModel of(ScriptedModel model) {
        return with(() -> model, Duration.ofMinutes(1));
    }

    static ServedModel with(ModelLoader loader, Duration deadline) {
        return with(NAMES, loader, deadline);
    }

    static ServedModel with(ServedNames names, ModelLoader loader, Duration deadline) {
        return awaited(loading(names, loader, deadline));
    }

    static ServedModel loading(ModelLoader loader) {
        return loading(NAMES, loader, Duration.ofMinutes(1));
    }

    /** With names of its own, since they change. */
    static ServedModel with(ScriptedModel model, Optional<KeyPlace> keys, AdapterDoor adapters) {
        return with(new ServedNames("base", List.of("tuned")), () -> model, keys, adapters);
    }

    static ServedModel with(ServedNames names, ModelLoader loader, Optional<KeyPlace> keys, AdapterDoor adapters) {
        HttpSettings settings = new HttpSettings(
                "127.0.0.1", 0, Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(10), keys, adapters);
        return awaited(new ServedModel(ModelServer.start(names, settings, loader)));
    }

    /** Takes requests for so long after it was told to stop. */
    static ServedModel lingering(ScriptedModel model, Duration linger) throws InterruptedException, ExecutionException {
        HttpSettings settings = new HttpSettings(
                "127.0.0.1",
                0,
                Duration.ofMinutes(1),
                linger,
                Duration.ofSeconds(10),
                Optional.empty(),
                new AdapterDoor.Closed());
        ServedModel served = new ServedModel(ModelServer.start(NAMES, settings, () -> model));
        served.server.awaitReady();
        return served;
    }

    /** Gives running replies so long after it was told to stop. */
    static ServedModel drainingFor(Duration drain, ScriptedModel model) {
        HttpSettings settings = new HttpSettings("127.0.0.1", 0, Duration.ofMinutes(1), drain);
        return awaited(new ServedModel(ModelServer.start(NAMES, settings, () -> model)));
    }

    private static ServedModel awaited(ServedModel served) {
        try {
            served.server.awaitReady();
            return served;
        } catch (InterruptedException | ExecutionException e) {
            served.close();
            throw new IllegalStateException(e);
        }
    }

    private static ServedModel loading(ServedNames names, ModelLoader loader, Duration deadline) {
        HttpSettings settings = new HttpSettings("127.0.0.1", 0, deadline, Duration.ofSeconds(10));
        return new ServedModel(ModelServer.start(names, settings, loader));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) {
        return send(posted(path, body), BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest posted(String path, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    HttpClient client() {
        return http;
    }

    URI address() {
        return server.address();
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    /** The data of each event. */
    static List<String> events(HttpResponse<String> response) {
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    static List<JsonNode> chunks(HttpResponse<String> response) {
        return events(response).stream()
                .filter(text -> !text.equals("[DONE]"))
                .map(ServedModel::json)
                .toList();
    }

    /** The text of a streamed chat. */
    static String streamed(HttpResponse<String> response) {
        return chunks(response).stream()
                .map(chunk -> chunk.path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asText())
                .collect(Collectors.joining());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path)).timeout(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        server.close();
        http.shutdownNow();
    }
}
