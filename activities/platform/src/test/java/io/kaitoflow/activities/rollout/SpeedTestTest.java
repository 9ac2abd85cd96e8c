package io.kaitoflow.activities.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.workflows.rollout.ServingSpeed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpeedTestTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private int status = 200;
    private String answer = "{\"usage\": {\"completion_tokens\": 32}}";

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/completions", exchange -> {
            shown.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theSecondReplyIsTimed() {
        ServingSpeed speed =
                new SpeedTest().of(address(), "facts", Optional.empty()).orElseThrow();

        assertThat(speed.tokens()).isEqualTo(32);
        assertThat(speed.time()).isPositive();
        assertThat(asked).hasSize(2).allMatch(body -> body.contains("\"model\":\"facts\""));
    }

    @Test
    void aServerThatAsksForAKeyIsShownOne() {
        assertThat(new SpeedTest().of(address(), "facts", Optional.of("sesame")))
                .isPresent();
        assertThat(shown).containsExactly("Bearer sesame", "Bearer sesame");

        shown.clear();
        assertThat(new SpeedTest().of(address(), "facts", Optional.empty())).isPresent();
        assertThat(shown).isEmpty();
    }

    @Test
    void aServerThatWillNotAnswerIsNotMeasured() {
        status = 401;
        assertThat(new SpeedTest().of(address(), "facts", Optional.empty())).isEmpty();

        status = 200;
        answer = "hello";
        assertThat(new SpeedTest().of(address(), "facts", Optional.empty())).isEmpty();

        server.stop(0);
        assertThat(new SpeedTest().of(address(), "facts", Optional.empty())).isEmpty();
    }

    @Test
    void tokensAreCountedBySecond() {
        assertThat(new ServingSpeed(32, Duration.ofMillis(500)).tokensPerSecond())
                .isEqualTo(64);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
