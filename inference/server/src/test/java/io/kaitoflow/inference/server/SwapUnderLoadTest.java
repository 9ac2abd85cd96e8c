package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.adapters.AdapterFollower;
import io.kaitoflow.inference.server.adapters.AdapterList;
import io.kaitoflow.inference.server.adapters.WantedAdapter;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.engine.AdapterSource;
import io.kaitoflow.inference.server.engine.Arithmetic;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One adapter takes another's place while callers never stop asking; the whole server, down to the engine. */
class SwapUnderLoadTest {

    private static final int CALLERS = 4;
    private static final int SWAPS = 20;
    private static final String ASK = "{\"raw\":true,\"prompt\":\"" + TinyModel.text(56) + TinyModel.text(119)
            + "\",\"generate_kwargs\":{\"max_new_tokens\":12}}";

    @TempDir
    private Path folder;

    private WantedAdapter first = new WantedAdapter("tuned", Path.of(""), 1);
    private WantedAdapter second = first;

    @BeforeEach
    void write() throws IOException {
        TinyModel.writeTo(folder);
        PeftFolder adapters = new PeftFolder(3, 64);
        first = new WantedAdapter("tuned", adapters.write(folder.resolve("first"), 1), 1);
        second = new WantedAdapter("tuned", adapters.write(folder.resolve("second"), 2), 1);
    }

    @Test
    void noRequestFailsAndEveryReplyIsThatOfOneAdapter() {
        String ofFirst = answerOf(first);
        String ofSecond = answerOf(second);
        assertThat(ofFirst).isNotEqualTo(ofSecond);
        Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean enough = new AtomicBoolean();
        FollowedFile file = new FollowedFile(folder.resolve("adapters.json")).list("0", first);

        try (ServedModel served = serving(file)) {
            List<CompletableFuture<Void>> callers = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                        while (!enough.get()) {
                            answers.add(served.post("/chat", ASK));
                        }
                    }))
                    .limit(CALLERS)
                    .toList();
            for (int swap = 1; swap <= SWAPS; swap++) {
                WantedAdapter next = swap % 2 == 0 ? first : second;
                String expected = swap % 2 == 0 ? ofFirst : ofSecond;
                awaitServed(served, file, "" + swap, next);
                assertThat(result(served.post("/chat", ASK)))
                        .as("after swap %d", swap)
                        .isEqualTo(expected);
            }
            enough.set(true);
            callers.forEach(CompletableFuture::join);
        }

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(result(answer)).isIn(ofFirst, ofSecond);
        });
        assertThat(answers.stream().map(SwapUnderLoadTest::result)).contains(ofFirst, ofSecond);
    }

    @Test
    void aNameThatGoesForAnotherLeavesNobodyWithoutAnAnswer() {
        WantedAdapter renamed = new WantedAdapter("renamed", second.folder(), 1);
        FollowedFile file = new FollowedFile(folder.resolve("adapters.json")).list("0", first);
        Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean enough = new AtomicBoolean();

        try (ServedModel served = serving(file)) {
            CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    answers.add(served.post("/chat", ASK));
                }
            });
            for (int swap = 1; swap <= SWAPS; swap++) {
                awaitServed(served, file, "" + swap, swap % 2 == 0 ? first : renamed);
            }
            enough.set(true);
            caller.join();
        }

        assertThat(answers)
                .isNotEmpty()
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
    }

    private static void awaitServed(ServedModel served, FollowedFile file, String revision, WantedAdapter adapter) {
        file.list(revision, adapter);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> ServedModel.json(served.get("/health/adapters"))
                        .path("revision")
                        .asText()
                        .equals(revision));
    }

    private String answerOf(WantedAdapter adapter) {
        FollowedFile file =
                new FollowedFile(folder.resolve(adapter.folder().getFileName() + ".json")).list("0", adapter);
        try (ServedModel served = serving(file)) {
            return result(served.post("/chat", ASK));
        }
    }

    private ServedModel serving(FollowedFile file) {
        AdapterList list = AdapterFollower.read(file.path());
        Map<String, AdapterSource> adapters =
                Map.of("tuned", new AdapterSource(list.adapters().getFirst().folder(), 1));
        EngineSettings settings = new EngineSettings(
                folder,
                adapters,
                new Arithmetic(DeviceChoice.CPU, ComputeType.FLOAT32, true),
                OptionalInt.of(8),
                8,
                OptionalInt.of(200));
        return ServedModel.with(
                new ServedNames("tiny", List.of("tuned")),
                new EngineModelLoader(settings),
                Optional.empty(),
                new AdapterDoor.Followed(file.path(), list));
    }

    private static String result(HttpResponse<String> answer) {
        return ServedModel.json(answer).path("Result").asText();
    }
}
