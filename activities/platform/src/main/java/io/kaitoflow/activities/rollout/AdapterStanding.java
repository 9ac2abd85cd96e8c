package io.kaitoflow.activities.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server says of the adapters that it was given last.
 *
 * @param revision of them; empty before it serves anything
 * @param refusal why it does not serve them; it then serves what it served before
 */
public record AdapterStanding(String revision, Optional<String> refusal) {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int DIGITS = 12;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Tells one text that names adapters from another. */
    public static String revisionOf(String text) {
        return Digest.ofText(text).hex().substring(0, DIGITS);
    }

    /**
     * Asks the server at an address; empty while it does not answer.
     *
     * @throws RolloutException.NotReady when nobody waits for the answer any more
     */
    public static Optional<AdapterStanding> at(HttpClient http, String url) {
        HttpRequest question = HttpRequest.newBuilder(URI.create(url + "/health/adapters"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = http.send(question, BodyHandlers.ofString());
            return answer.statusCode() == HttpURLConnection.HTTP_OK ? read(answer.body()) : Optional.empty();
        } catch (IOException nobody) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RolloutException.NotReady("Interrupted while the server at " + url + " took its adapters.");
        }
    }

    /** Whether it has dealt with these adapters, one way or the other. */
    public boolean answers(String wanted) {
        return revision.equals(wanted);
    }

    private static Optional<AdapterStanding> read(String body) {
        try {
            JsonNode standing = JSON.readTree(body);
            return Optional.of(new AdapterStanding(
                    standing.path("revision").asText(""),
                    Optional.of(standing.path("refusal"))
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::asText)));
        } catch (JsonProcessingException somebodyElse) {
            return Optional.empty();
        }
    }
}
