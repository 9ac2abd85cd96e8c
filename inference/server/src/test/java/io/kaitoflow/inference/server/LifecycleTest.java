package io.kaitoflow.inference.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** From the first listen to the last reply. */
class LifecycleTest {

    private static final String HELLO = "{\"prompt\": \"hello\"}";

    @Test
    void refusesUntilTheModelIsLoaded() throws Exception {
        CompletableFuture<ScriptedModel> loading = new CompletableFuture<>();
        try (ServedModel served = ServedModel.loading(loading::join)) {
            assertThat(served.get("/health").statusCode()).isEqualTo(503);
            assertThat(served.get("/health/ready").body()).contains("Loading");
            assertThat(served.get("/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> early = served.post("/chat", HELLO);
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.headers().firstValue("Retry-After")).hasValue("2");

            loading.complete(ScriptedModel.ready());
            served.server.awaitReady();

            assertThat(served.get("/health").body()).isEqualTo("{\"status\":\"Healthy\"}");
            assertThat(served.get("/health").statusCode()).isEqualTo(200);
            assertThat(served.post("/chat", HELLO).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void passesOnWhyTheModelDidNotLoad() {
        RuntimeException broken = new IllegalStateException("the file is cut off");
        try (ServedModel served = ServedModel.loading(() -> {
            throw broken;
        })) {
            assertThatThrownBy(served.server::awaitReady)
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(broken);
        }
    }

    @Test
    void refusesAPortInUseWithItsCure() {
        try (ServedModel first = ServedModel.of(ScriptedModel.ready())) {
            HttpSettings same = new HttpSettings(
                    "127.0.0.1", first.address().getPort(), Duration.ofMinutes(1), Duration.ofSeconds(1));

            assertThatThrownBy(() -> ModelServer.start(ServedModel.NAMES, same, ScriptedModel::ready))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("127.0.0.1:" + first.address().getPort())
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void refusesWhenEverySlotIsTaken() {
        ScriptedModel model = ScriptedModel.pausingAfter(0, 1);
        try (ServedModel served = ServedModel.of(model)) {
            CompletableFuture<HttpResponse<String>> running =
                    served.client().sendAsync(served.posted("/chat", HELLO), BodyHandlers.ofString());
            await().atMost(10, SECONDS).until(() -> model.freeSlots() == 0);

            HttpResponse<String> refused = served.post("/chat", HELLO);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            model.open();
            assertThat(running.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aModelThatHasFailedIsNeitherReadyNorAlive() {
        ScriptedModel model = ScriptedModel.ready();
        try (ServedModel served = ServedModel.of(model)) {
            assertThat(served.get("/health/live").body()).isEqualTo("{\"status\":\"Healthy\"}");

            model.failForGood();

            for (String path : List.of("/health", "/health/ready", "/health/live")) {
                HttpResponse<String> health = served.get(path);
                assertThat(health.statusCode()).as(path).isEqualTo(503);
                assertThat(health.body()).isEqualTo("{\"status\":\"Failed\"}");
            }
        }
    }

    @Test
    void letsRunningRepliesEndBeforeItCloses() {
        ScriptedModel model = ScriptedModel.pausingAfter(0, 1);
        ServedModel served = ServedModel.of(model);
        CompletableFuture<HttpResponse<String>> running =
                served.client().sendAsync(served.posted("/chat", HELLO), BodyHandlers.ofString());
        await().atMost(10, SECONDS).until(() -> model.freeSlots() == 0);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(served.server::close);
        await().atMost(10, SECONDS).until(() -> served.get("/health").statusCode() == 503);
        assertThat(served.post("/chat", HELLO).statusCode()).isEqualTo(503);
        assertThat(closing).isNotDone();
        model.open();

        assertThat(running.join().body()).contains("tuned heard user hello");
        closing.join();
        assertThat(model.isClosed()).isTrue();
        served.close();
    }

    @Test
    void aReplyThatItCutsOffIsRefusedAndMayBeSentAgain() {
        ScriptedModel model = ScriptedModel.pausingAfter(1, 1);
        ServedModel served = ServedModel.drainingFor(Duration.ZERO, model);
        CompletableFuture<HttpResponse<String>> running =
                served.client().sendAsync(served.posted("/chat", HELLO), BodyHandlers.ofString());
        awaitARunningReply(served);

        served.server.close();

        assertThat(running.join().statusCode()).isEqualTo(503);
        assertThat(running.join().headers().firstValue("Retry-After")).hasValue("10");
        assertThat(running.join().body()).contains("send the request again");
        served.close();
    }

    @Test
    void aStreamThatItCutsOffEndsWithAFailure() {
        ScriptedModel model = ScriptedModel.pausingAfter(1, 1);
        ServedModel served = ServedModel.drainingFor(Duration.ZERO, model);
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";
        CompletableFuture<HttpResponse<String>> running =
                served.client().sendAsync(served.posted("/v1/chat/completions", chat), BodyHandlers.ofString());
        awaitARunningReply(served);

        served.server.close();

        List<JsonNode> chunks = ServedModel.chunks(running.join());
        assertThat(chunks.getLast().path("error").path("code").asText()).isEqualTo("overloaded");
        assertThat(running.join().body()).doesNotContain("\"length\"");
        served.close();
    }

    private static void awaitARunningReply(ServedModel served) {
        await().atMost(10, SECONDS)
                .until(() -> served.get("/metrics").body().contains("kaitoflow_replies_running 1.0"));
    }

    @Test
    void countsWhatRunsWhileItDrains() {
        ScriptedModel model = ScriptedModel.pausingAfter(0, 1);
        ServedModel served = ServedModel.of(model);
        CompletableFuture<HttpResponse<String>> running =
                served.client().sendAsync(served.posted("/chat", HELLO), BodyHandlers.ofString());
        await().atMost(10, SECONDS).until(() -> model.freeSlots() == 0);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(served.server::close);
        await().atMost(10, SECONDS)
                .until(() -> served.get("/health/ready").body().contains("Draining"));

        assertThat(served.get("/metrics").body()).contains("kaitoflow_batch_size 3.0", "kaitoflow_cache_tokens 100.0");
        model.open();
        assertThat(running.join().statusCode()).isEqualTo(200);
        closing.join();
        served.close();
    }

    @Test
    void answersWhoeverHasNotHeardThatItLeavesAndSendsThemElsewhere() throws Exception {
        ServedModel served = ServedModel.lingering(ScriptedModel.ready(), Duration.ofSeconds(5));
        assertThat(served.post("/chat", HELLO).headers().firstValue("connection"))
                .isEmpty();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(served.server::close);
        await().atMost(10, SECONDS)
                .until(() -> served.get("/health/ready").body().contains("Leaving"));
        HttpResponse<String> last = served.post("/chat", HELLO);

        assertThat(closing).isNotDone();
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(last.headers().firstValue("connection")).hasValue("close");
        closing.join();
        served.close();
    }

    @Test
    void closesAModelThatWasLoadedTooLate() {
        CompletableFuture<ScriptedModel> loading = new CompletableFuture<>();
        ServedModel.loading(loading::join).close();
        ScriptedModel late = ScriptedModel.ready();

        loading.complete(late);

        await().atMost(10, SECONDS).until(late::isClosed);
    }

    @Test
    void greetsAndCountsInPrometheusText() {
        try (ServedModel served = ServedModel.of(ScriptedModel.ready())) {
            served.post("/chat", HELLO);

            assertThat(served.get("/").body()).isEqualTo("{\"message\":\"Server is running\"}");
            HttpResponse<String> metrics = served.get("/metrics");
            assertThat(metrics.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/plain");
            assertThat(metrics.body())
                    .contains(
                            "kaitoflow_replies_total{model=\"tuned\",outcome=\"stop\"} 1.0",
                            "kaitoflow_generated_tokens_total{model=\"tuned\"} 4.0",
                            "kaitoflow_time_to_first_token_seconds_count{model=\"tuned\"} 1",
                            "kaitoflow_time_per_token_seconds_count{model=\"tuned\"} 1",
                            "kaitoflow_prompt_cached_tokens_total{model=\"tuned\"} 2.0",
                            "kaitoflow_batch_size 3.0",
                            "kaitoflow_requests_queued 2.0",
                            "kaitoflow_cache_tokens 100.0",
                            "kaitoflow_cache_free_tokens 60.0");
        }
    }

    @Test
    void servesAChatPageThatAsksNobodyElse() {
        try (ServedModel served = ServedModel.of(ScriptedModel.ready())) {
            HttpResponse<String> page = served.get("/chat");

            assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("default-src 'none'", "connect-src 'self'");
            assertThat(page.body()).startsWith("<!doctype html>").doesNotContainPattern("https?://");
        }
    }
}
