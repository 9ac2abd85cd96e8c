package io.kaitoflow.inference.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.inference.server.OpenAiUpstream;
import io.kaitoflow.inference.server.keys.Doorkeeper;
import io.kaitoflow.inference.server.keys.MountedSecret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our own OpenAI server stands where vLLM would. */
class GatewayTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private OpenAiUpstream behind;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        behind = OpenAiUpstream.start();
        gateway = before(behind.address());
    }

    @AfterEach
    void stop() {
        gateway.close();
        behind.close();
    }

    private static Gateway before(URI upstream) throws IOException {
        return before(upstream, Doorkeeper.of(Optional.empty()));
    }

    private static Gateway before(URI upstream, Doorkeeper doorkeeper) throws IOException {
        return Gateway.start(
                new InetSocketAddress("127.0.0.1", 0),
                Upstream.at(upstream, Duration.ofSeconds(20)),
                doorkeeper,
                "tuned");
    }

    private HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private String result(String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = call("POST", "/chat", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("Result").asText();
    }

    @Test
    void aPromptIsOneMessageToTheTunedModel() throws Exception {
        assertThat(result("{\"prompt\": \"hello you\"}")).isEqualTo("tuned heard user hello you");
    }

    @Test
    void conversationsRawPromptsAndNamedModelsArriveAsTheyWereSent() throws Exception {
        assertThat(result("{\"messages\":[{\"role\":\"system\",\"content\":\"be\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}"))
                .isEqualTo("tuned heard system be user hi");
        assertThat(result("{\"prompt\": \"hello\", \"raw\": true}")).isEqualTo("tuned heard hello");
        assertThat(result("{\"prompt\": \"hello\", \"model\": \"base\"}")).isEqualTo("base heard user hello");
    }

    @Test
    void theWholeTextBeginsWithThePrompt() throws Exception {
        assertThat(result("{\"prompt\": \"hello\", \"return_full_text\": true}"))
                .isEqualTo("hellotuned heard user hello");
    }

    @Test
    void settingsAreHonoured() throws Exception {
        assertThat(result("{\"prompt\": \"hello\", \"generate_kwargs\": {\"max_new_tokens\": 2, \"do_sample\": true,"
                        + " \"temperature\": 0.5, \"top_k\": 3, \"top_p\": 0.9, \"repetition_penalty\": 1.1}}"))
                .isEqualTo("tuned heard");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                        | prompt or messages must be given",
                "{\"prompt\": \"a\", \"temperature\": 1}                      | temperature",
                "{\"prompt\": \"a\", \"generate_kwargs\": {\"max_length\": 9}} | generate_kwargs.max_length is not honoured",
                "{\"prompt\": \"a\", \"generate_kwargs\": {\"num_beams\": 2}}  | num_beams"
            })
    void whatWouldNotBeHonouredIsRefusedByName(String body, String said) throws Exception {
        HttpResponse<String> answer = call("POST", "/chat", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("detail").asText()).contains(said);
    }

    @Test
    void aRefusalFromBehindIsToldInKaitosForm() throws Exception {
        HttpResponse<String> answer = call("POST", "/chat", "{\"prompt\": \"a\", \"model\": \"nobody\"}");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).path("detail").asText()).contains("No model is named \"nobody\"");
    }

    @Test
    void openAisCallsGoThroughAndStreamsStayStreams() throws Exception {
        assertThat(json(call("GET", "/v1/models", "")).path("data").findValuesAsText("id"))
                .contains("tuned", "base");
        HttpResponse<String> streamed = call(
                "POST",
                "/v1/chat/completions",
                "{\"model\":\"base\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

        assertThat(streamed.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        assertThat(streamed.body()).contains("data: {", "data: [DONE]");
    }

    @Test
    void itIsHealthyWhenWhatIsBehindItIs() throws Exception {
        assertThat(json(call("GET", "/health", "")).path("status").asText()).isEqualTo("Healthy");
        assertThat(call("GET", "/health/ready", "").statusCode()).isEqualTo(200);
        assertThat(json(call("GET", "/", "")).path("message").asText()).isEqualTo("Server is running");
        assertThat(call("GET", "/chat", "").body()).contains("<html");

        behind.close();

        assertThat(call("GET", "/health", "").statusCode()).isEqualTo(503);
        assertThat(call("GET", "/health/live", "").statusCode()).isEqualTo(200);
        assertThat(call("POST", "/chat", "{\"prompt\": \"a\"}").statusCode()).isEqualTo(503);
    }

    @Test
    void aCallWithoutAKeyGoesNoFurtherWhereKeysAreAskedFor(@TempDir Path folder) throws Exception {
        MountedSecret secret = new MountedSecret(folder.resolve("team-keys")).hold(Map.of("ann", "sesame"));
        try (ScriptedUpstream silent = ScriptedUpstream.start();
                Doorkeeper doorkeeper = Doorkeeper.of(Optional.of(secret.place()));
                Gateway asking = before(silent.address(), doorkeeper)) {
            gateway.close();
            gateway = asking;

            assertThat(json(call("POST", "/chat", "{\"prompt\": \"a\"}"))
                            .path("detail")
                            .asText())
                    .contains("Authorization: Bearer KEY");
            for (String path : List.of("/v1/models", "/chatter", "/health/../v1/models", "/tokenize", "/%2Fmetrics")) {
                assertThat(call("GET", path, "").statusCode()).as(path).isEqualTo(401);
            }
            HttpResponse<String> refused = call("GET", "/v1/models", "");
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(json(refused).path("error").path("code").asText()).isEqualTo("invalid_api_key");
            assertThat(silent.calls()).isZero();
        }
    }

    @Test
    void aCallWithAKeyGoesOnAndWhatProbesAndBrowsersReadNeedsNone(@TempDir Path folder) throws Exception {
        MountedSecret secret = new MountedSecret(folder.resolve("team-keys")).hold(Map.of("ann", "sesame"));
        try (Doorkeeper doorkeeper = Doorkeeper.of(Optional.of(secret.place()));
                Gateway asking = before(behind.address(), doorkeeper)) {
            gateway.close();
            gateway = asking;

            for (String path : List.of("/", "/health", "/health/live", "/health/ready", "/metrics", "/chat")) {
                assertThat(call("GET", path, "").statusCode()).as(path).isEqualTo(200);
            }
            HttpRequest keyed = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/models"))
                    .header("Authorization", "Bearer sesame")
                    .build();
            assertThat(http.send(keyed, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }
}
