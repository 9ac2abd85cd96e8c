package io.kaitoflow.temporal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecEndpointTest {

    private static final String PLAIN =
            "{\"payloads\":[{\"metadata\":{\"encoding\":\"anNvbi9wbGFpbg==\"},\"data\":\"IkFkYSI=\"}]}";
    private static final String UI = "http://127.0.0.1:8233";

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private CodecEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("k"), "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=");
        Files.writeString(folder.resolve("current"), "k");
        Files.writeString(folder.resolve("token"), "open-sesame\n");
        endpoint = CodecEndpoint.start(
                new CodecSettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        folder.resolve("token"),
                        Set.of(UI)),
                new EncryptingCodec(new PayloadKeys(folder)));
    }

    @AfterEach
    void stop() {
        endpoint.close();
        http.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String authorization, String body)
            throws IOException, InterruptedException {
        return send(to(path).header("Authorization", authorization)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void whatIsEncodedIsDecodedAgain() throws Exception {
        HttpResponse<String> kept = post("/encode", "Bearer open-sesame", PLAIN);
        assertThat(kept.statusCode()).isEqualTo(200);
        assertThat(kept.body()).doesNotContain("IkFkYSI=");

        HttpResponse<String> read = post("/decode", "Bearer open-sesame", kept.body());
        assertThat(read.body().replaceAll("\\s", "")).isEqualTo(PLAIN);
        assertThat(read.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void whoHasNotTheTokenReadsNothing() throws Exception {
        for (String wrong : new String[] {"", "Bearer ", "Bearer open", "Basic open-sesame"}) {
            assertThat(post("/decode", wrong, PLAIN).statusCode()).as(wrong).isEqualTo(401);
        }
        assertThat(post("/wrong/decode", "", PLAIN).statusCode()).isEqualTo(401);
        assertThat(post("/open-sesame/decode", "", PLAIN).statusCode()).isEqualTo(200);
    }

    @Test
    void anEmptyTokenOpensNothing() throws Exception {
        Files.writeString(folder.resolve("token"), "");

        assertThat(post("/decode", "Bearer ", PLAIN).statusCode()).isEqualTo(401);
    }

    @Test
    void aPageOfTheWebUiMayAskAndNoOther() throws Exception {
        HttpResponse<String> asked = send(to("/decode")
                .header("Origin", UI)
                .method("OPTIONS", BodyPublishers.noBody())
                .build());
        assertThat(asked.statusCode()).isEqualTo(204);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Origin")).contains(UI);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("authorization", "x-namespace");

        HttpResponse<String> other = send(to("/decode")
                .header("Origin", "https://elsewhere.example")
                .method("OPTIONS", BodyPublishers.noBody())
                .build());
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void whatIsNoPayloadIsRefusedInWords() throws Exception {
        assertThat(post("/decode", "Bearer open-sesame", "payloads").statusCode())
                .isEqualTo(400);
        HttpResponse<String> lost = post(
                "/decode",
                "Bearer open-sesame",
                "{\"payloads\":[{\"metadata\":{\"encoding\":\"YmluYXJ5L2VuY3J5cHRlZA==\",\"encryption-key-id\":\"bG9zdA==\"},\"data\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}]}");
        assertThat(lost.statusCode()).isEqualTo(400);
        assertThat(lost.body()).contains("lost");
        assertThat(post("/other", "Bearer open-sesame", PLAIN).statusCode()).isEqualTo(404);
    }
}
