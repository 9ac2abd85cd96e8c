package io.kaitoflow.inference.server.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.inference.server.keys.Doorkeeper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where calls may go, how large they may be, and how they end when either side ends. */
class GatewayConnectionsTest {

    private static final int TOO_LONG = (1 << 20) + 1;

    private final HttpClient http = HttpClient.newHttpClient();
    private ScriptedUpstream behind;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        behind = ScriptedUpstream.start();
        gateway = Gateway.start(
                new InetSocketAddress("127.0.0.1", 0),
                Upstream.at(behind.address(), Duration.ofSeconds(20)),
                Doorkeeper.of(Optional.empty()),
                "tuned");
    }

    @AfterEach
    void stop() {
        gateway.close();
        behind.close();
        http.shutdownNow();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"////127.0.0.1:%d/secret", "http://x//127.0.0.1:%d/secret"})
    void noCallerChoosesTheHostBehind(String target) throws IOException {
        try (ScriptedUpstream stranger = ScriptedUpstream.start();
                Socket caller = new Socket("127.0.0.1", gateway.port())) {
            caller.getOutputStream()
                    .write(("GET " + target.formatted(stranger.port()) + " HTTP/1.1\r\nHost: x\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("must begin with one slash");
            assertThat(stranger.calls()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat", "/v1/chat/completions"})
    void aBodyAboveOneMebibyteIsRefusedWhateverTheCall(String path) throws Exception {
        HttpRequest large =
                to(path).POST(BodyPublishers.ofByteArray(new byte[TOO_LONG])).build();

        assertThat(http.send(large, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
        assertThat(behind.calls()).isZero();
    }

    @Test
    void whatIsUnderWayIsAnsweredWholeWhileItDrains() {
        CompletableFuture<HttpResponse<String>> running =
                http.sendAsync(to("/paused").build(), BodyHandlers.ofString());
        await().atMost(10, SECONDS).until(() -> behind.calls() == 1);

        CompletableFuture<Void> draining = CompletableFuture.runAsync(() -> gateway.drain(Duration.ofMinutes(1)));
        await().atMost(10, SECONDS).until(this::refusesConnections);
        assertThat(running).isNotDone();
        behind.open();

        assertThat(running.join().body()).isEqualTo("one two");
        draining.join();
    }

    @Test
    void aReplyThatBrokeInItsMiddleDoesNotLookWhole() {
        HttpRequest call = to("/dying").build();

        assertThatThrownBy(() -> http.send(call, BodyHandlers.ofString())).isInstanceOf(IOException.class);
    }

    private boolean refusesConnections() {
        try (Socket _ = new Socket("127.0.0.1", gateway.port())) {
            return false;
        } catch (IOException closed) {
            return true;
        }
    }
}
