package io.kaitoflow.activities.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.workflows.rollout.ServingSpeed;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks a server that has just come up for a short reply, as any client of the OpenAI API would, and takes the time. */
final class SpeedTest {

    private static final int TOKENS = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PROMPT = "The quick brown fox jumps over the lazy dog. Once upon a time";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Times the second of two replies, since the first warms up. Empty where the server did not answer in time: it is ready all the same.
     *
     * @param address of the server, e.g. {@code http://127.0.0.1:5000}
     * @param key that the server asks for, if it does
     */
    Optional<ServingSpeed> of(String address, String model, Optional<String> key) {
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            HttpRequest question = question(address, model, key);
            Optional<ServingSpeed> warmingUp = reply(http, question);
            return warmingUp.isEmpty() ? warmingUp : reply(http, question);
        } catch (IOException nobody) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RolloutException.NotReady(
                    "Interrupted while the speed of the server at " + address + " was measured.");
        }
    }

    private static HttpRequest question(String address, String model, Optional<String> key) {
        HttpRequest.Builder question = HttpRequest.newBuilder(URI.create(address + "/v1/completions"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(model)));
        key.ifPresent(shown -> question.header("Authorization", "Bearer " + shown));
        return question.build();
    }

    private static Optional<ServingSpeed> reply(HttpClient http, HttpRequest request)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        int tokens = answer.statusCode() == HttpURLConnection.HTTP_OK ? tokens(answer.body()) : 0;
        return tokens > 0 ? Optional.of(new ServingSpeed(tokens, time)) : Optional.empty();
    }

    private static String body(String model) {
        return JSON.createObjectNode()
                .put("model", model)
                .put("prompt", PROMPT)
                .put("max_tokens", TOKENS)
                .put("temperature", 0)
                .toString();
    }

    private static int tokens(String body) {
        try {
            JsonNode usage = JSON.readTree(body).path("usage");
            return usage.path("completion_tokens").asInt(0);
        } catch (JsonProcessingException somebodyElse) {
            return 0;
        }
    }
}
