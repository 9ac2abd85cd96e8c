package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.adapters.AdapterFollower;
import io.kaitoflow.inference.server.adapters.WantedAdapter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that serves what a file lists. */
class FollowedAdaptersTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final ScriptedModel model = ScriptedModel.ready();
    private FollowedFile file;
    private ServedModel served;

    @BeforeEach
    void serve() {
        file = new FollowedFile(folder.resolve("adapters.json")).list("1", adapter("tuned", 1));
        served = ServedModel.with(
                model, Optional.empty(), new AdapterDoor.Followed(file.path(), AdapterFollower.read(file.path())));
        awaitRevision("1");
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private WantedAdapter adapter(String name, double strength) {
        return new WantedAdapter(name, folder.resolve(name), strength);
    }

    @Test
    void servesANewerListAndNamesItsRevision() {
        file.list("2", adapter("other", 0.5), adapter("tuned", 1));

        assertThat(awaitRevision("2").path("refusal").isNull()).isTrue();
        assertThat(models()).containsExactly("other", "tuned", "base");
        assertThat(model.loaded()).isEqualTo(Map.of("other", 0.5));
    }

    @Test
    void anotherStrengthUnderTheSameNameIsLoadedInItsPlace() {
        file.list("2", adapter("tuned", 0.25));
        awaitRevision("2");

        assertThat(model.loaded()).isEqualTo(Map.of("tuned", 0.25));
        assertThat(models()).containsExactly("tuned", "base");
    }

    @Test
    void whatTheListDoesNotNameAnyMoreIsUnloaded() {
        file.list("2", adapter("tuned", 1), adapter("other", 0.5));
        awaitRevision("2");

        file.list("3", adapter("tuned", 1));
        awaitRevision("3");

        assertThat(model.loaded()).isEmpty();
        assertThat(models()).containsExactly("tuned", "base");
    }

    @Test
    void anAdapterThatCannotBeServedLeavesEverythingAsItWas() {
        file.list("2", adapter("tuned", 0.5), adapter("broken", 1));

        assertThat(awaitRevision("2").path("refusal").asText()).contains("scripted");
        assertThat(models()).containsExactly("tuned", "base");
        assertThat(model.loaded()).isEqualTo(Map.of("tuned", 1.0));
    }

    @Test
    void aRefusedListLeavesNoneOfItsAdaptersBehind() {
        file.list("2", adapter("other", 1), adapter("broken", 1));
        awaitRevision("2");

        assertThat(model.loaded()).isEmpty();
    }

    @Test
    void whateverGoesWrongIsToldAndLaterListsAreServed() {
        file.list("2", adapter("tuned", 0.5), adapter("haunted", 1));
        assertThat(awaitRevision("2").path("refusal").asText()).contains("scripted");
        assertThat(model.loaded()).isEqualTo(Map.of("tuned", 1.0));

        file.list("3", adapter("other", 1));

        assertThat(awaitRevision("3").path("refusal").isNull()).isTrue();
        assertThat(models()).containsExactly("other", "base");
    }

    @Test
    void theRefusalOfWhoeverBringsAdaptersIsPassedOn() {
        file.refuse("2", "registry.example answered 401.");

        assertThat(awaitRevision("2").path("refusal").asText()).isEqualTo("registry.example answered 401.");
        assertThat(models()).containsExactly("tuned", "base");
    }

    @Test
    void twoAdaptersOfOneNameAreRefused() {
        file.list("2", adapter("tuned", 1), adapter("base", 1));

        assertThat(awaitRevision("2").path("refusal").asText()).contains("different names");
        assertThat(models()).containsExactly("tuned", "base");
    }

    @Test
    void aBrokenFileIsRefusedAndTheNextOneServed() {
        file.text("{\"revision\": 2");
        await().atMost(LONG).until(() -> standing().path("refusal").asText().contains("not JSON"));
        assertThat(models()).containsExactly("tuned", "base");

        file.list("3", adapter("other", 1));
        awaitRevision("3");

        assertThat(models()).containsExactly("other", "base");
    }

    @Test
    void noCallerChangesAdapters() {
        HttpResponse<String> load = served.post(
                "/v1/load_lora_adapter", "{\"lora_name\":\"x\",\"lora_path\":\"" + folder + "\",\"strength\":1}");
        HttpResponse<String> unload = served.post("/v1/unload_lora_adapter", "{\"lora_name\":\"tuned\"}");

        assertThat(load.statusCode()).isEqualTo(400);
        assertThat(unload.statusCode()).isEqualTo(400);
        assertThat(models()).containsExactly("tuned", "base");
    }

    private JsonNode awaitRevision(String revision) {
        return await().atMost(LONG)
                .until(
                        this::standing,
                        now -> revision.equals(now.path("revision").asText()));
    }

    private JsonNode standing() {
        return ServedModel.json(served.get("/health/adapters"));
    }

    private List<String> models() {
        return ServedModel.json(served.get("/v1/models")).path("data").findValuesAsText("id");
    }
}
