package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.keys.KeyPlace;
import io.kaitoflow.inference.server.keys.MountedSecret;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls: keys and the names of requests. */
@TestInstance(Lifecycle.PER_CLASS)
class CallerTest {

    private ServedModel served;

    @BeforeAll
    void serve(@TempDir Path folder) {
        served = ServedModel.with(ScriptedModel.ready(), Optional.of(keys(folder)), new AdapterDoor.Closed());
    }

    private static KeyPlace keys(Path folder) {
        return new MountedSecret(folder.resolve("keys"))
                .hold(Map.of("one", "first-key", "other", "second-key"))
                .place();
    }

    @AfterAll
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-key", "second-key"})
    void eachKeyOpensTheDoor(String key) {
        assertThat(get("/v1/models", "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer first-key2", "Bearer ", "Basic first-key", "first-key"})
    void anythingElseIsRefusedInOpenAisForm(String header) {
        HttpResponse<String> answer = get("/v1/models", "Authorization", header);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(ServedModel.json(answer).path("error").path("code").asText()).isEqualTo("invalid_api_key");
        assertThat(served.post("/chat", "{\"prompt\":\"hello\"}").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/live", "/health/ready", "/metrics", "/openapi.json", "/chat"})
    void whatProbesAndBrowsersReadNeedsNoKey(String path) {
        assertThat(served.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void everyAnswerHasAnIdTheCallersWhereItIsPlain() {
        assertThat(id(served.get("/health"))).matches("[0-9a-f]{16}");
        assertThat(id(get("/health", "X-Request-Id", "mine-7"))).isEqualTo("mine-7");
        assertThat(id(get("/health", "X-Request-Id", "not mine <7>"))).matches("[0-9a-f]{16}");
        assertThat(id(served.get("/v1/nowhere"))).matches("[0-9a-f]{16}");
    }

    private static String id(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Request-Id").orElse("none");
    }

    private HttpResponse<String> get(String path, String header, String value) {
        HttpRequest request = HttpRequest.newBuilder(served.server.address().resolve(path))
                .header(header, value)
                .build();
        return served.send(request, BodyHandlers.ofString());
    }
}
