package io.kaitoflow.activities.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.LocalServer;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetFetcherTest {

    private static final byte[] ROW = LocalServer.bytes("{\"text\":\"one\"}\n");

    private static final byte[] OTHER = LocalServer.bytes("{\"text\":\"two\"}\n");
    private static final Digest ONE = new Digest("sha256:" + "1".repeat(64));
    private static final Digest TWO = new Digest("sha256:" + "2".repeat(64));

    @TempDir
    private Path folder;

    private Path volume;
    private LocalServer server;
    private DatasetFetcher fetcher;
    private Optional<Digest> tag = Optional.of(ONE);
    private final List<String> copied = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        volume = Files.createDirectories(folder.resolve("volume"));
        server = new LocalServer();
        FetchSettings settings = new FetchSettings(folder.resolve("downloads"), Set.of(server.authority()));
        fetcher = new DatasetFetcher(settings, reference -> volume, this::copy, (image, secrets) -> resolved());
    }

    private void copy(
            ImageReference image,
            List<SecretReference> secrets,
            String inImage,
            Path target,
            ProgressListener listener) {
        copied.add(image.toString());
        try {
            Files.write(target.resolve("train.jsonl"), ROW);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Digest resolved() {
        if (tag.isEmpty()) {
            throw new SilentRegistry();
        }
        return tag.get();
    }

    private static final class SilentRegistry extends RuntimeException implements Classified {
        SilentRegistry() {
            super("localhost:5000 does not answer.");
        }

        @Override
        public FailureKind kind() {
            return FailureKind.REGISTRY_UNAVAILABLE;
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void urlsBecomeFilesInTheirOrder() {
        server.serve("/b/train.jsonl", ROW).serve("/a/more.csv", LocalServer.bytes("text\ntwo\n"));

        List<DataFile> files = fetch(DataRecipe.defaults(), "/b/train.jsonl?download=true", "/a/more.csv");

        assertThat(files).extracting(DataFile::name).containsExactly("train.jsonl", "more.csv");
        assertThat(files).extracting(DataFile::kind).containsExactly(FileKind.JSONL, FileKind.CSV);
        assertThat(files.getFirst().path()).hasBinaryContent(ROW);
    }

    @Test
    void aNameThatSaysNothingIsToldByItsContent() {
        server.serve("/download", LocalServer.bytes("[{\"text\":\"one\"}]"));

        assertThat(fetch(DataRecipe.defaults(), "/download"))
                .extracting(DataFile::kind)
                .containsExactly(FileKind.JSON);
    }

    @Test
    void aContentThatSaysNothingIsWhatTheRecipeSays() {
        server.serve("/download", LocalServer.bytes("text\none\n"));

        assertThatThrownBy(() -> fetch(DataRecipe.defaults(), "/download"))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining("set dataset_extension");
        assertThat(fetch(recipe(Optional.empty(), Optional.of("csv")), "/download"))
                .extracting(DataFile::kind)
                .containsExactly(FileKind.CSV);
    }

    @Test
    void whatWasDownloadedIsKeptForItsOwner() {
        server.serve("/train.jsonl", ROW);

        fetch(DataRecipe.defaults(), "/train.jsonl");
        fetch(DataRecipe.defaults(), "/train.jsonl");
        fetcher.fetch(urls("/train.jsonl"), DataRecipe.defaults(), "another", ProgressListener.silent());

        assertThat(server.asked()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ETag: \"v1\"", "ETag: W/\"v1\"", "Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT"})
    void aFileThatDidNotChangeIsNotSentAgain(String version) {
        List<Integer> answers = new ArrayList<>();
        String[] header = version.split(": ");
        String condition = header[0].equals("ETag") ? "If-None-Match" : "If-Modified-Since";
        server.on("/train.jsonl", exchange -> {
            boolean known = header[1].equals(exchange.getRequestHeaders().getFirst(condition));
            answers.add(known ? 304 : 200);
            exchange.getResponseHeaders().set(header[0], header[1]);
            LocalServer.answer(exchange, known ? 304 : 200, known ? new byte[0] : ROW);
        });

        fetch(DataRecipe.defaults(), "/train.jsonl");
        FetchedData again = refresh("/train.jsonl");

        assertThat(answers).containsExactly(200, 304);
        assertThat(again.files().getFirst().path()).hasBinaryContent(ROW);
        assertThat(again.notes()).isEmpty();
    }

    @Test
    void otherRowsBehindTheSameAddressAreSeenByTheNextLook() {
        AtomicReference<byte[]> rows = new AtomicReference<>(ROW);
        server.on("/train.jsonl", exchange -> {
            exchange.getResponseHeaders().set("ETag", rows.get() == ROW ? "\"v1\"" : "\"v2\"");
            LocalServer.answer(exchange, 200, rows.get());
        });

        refresh("/train.jsonl");
        rows.set(OTHER);

        assertThat(fetch(DataRecipe.defaults(), "/train.jsonl").getFirst().path())
                .hasBinaryContent(ROW);
        assertThat(refresh("/train.jsonl").files().getFirst().path()).hasBinaryContent(OTHER);
        assertThat(fetch(DataRecipe.defaults(), "/train.jsonl").getFirst().path())
                .hasBinaryContent(OTHER);
    }

    @Test
    void whereNoVersionIsSaidTheFileIsSentAgain() {
        server.serve("/train.jsonl", ROW);

        refresh("/train.jsonl");
        refresh("/train.jsonl");

        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void theCopyIsUsedAndSaidWhereNobodyAnswers() {
        server.serve("/train.jsonl", ROW);
        refresh("/train.jsonl");
        DatasetSource source = urls("/train.jsonl");
        server.close();

        FetchedData kept = fetcher.refresh(source, DataRecipe.defaults(), "me", ProgressListener.silent());

        assertThat(kept.files().getFirst().path()).hasBinaryContent(ROW);
        assertThat(kept.notes())
                .singleElement()
                .asString()
                .startsWith("Whether " + server.uri("/train.jsonl")
                        + " has other rows by now is not known, and the copy that is here is used: ");
    }

    @Test
    void aFileThatIsGoneIsSaidThoughThereIsACopy() {
        server.serve("/train.jsonl", ROW);
        refresh("/train.jsonl");
        server.remove("/train.jsonl");

        assertThatThrownBy(() -> refresh("/train.jsonl"))
                .isInstanceOf(DatasetException.Unavailable.class)
                .hasMessageContaining("answered 404");
    }

    @Test
    void failuresKeepTheirReaction() {
        server.refuse("/gone.jsonl", 404);
        DatasetSource inside = new DatasetSource.Urls(List.of("http://10.0.0.1/train.jsonl"));
        DatasetSource nonsense = new DatasetSource.Urls(List.of("http://a b/train.jsonl"));

        assertThatThrownBy(() -> fetch(DataRecipe.defaults(), "/gone.jsonl"))
                .isInstanceOf(DatasetException.Unavailable.class);
        assertThatThrownBy(() -> fetcher.fetch(inside, DataRecipe.defaults(), "me", ProgressListener.silent()))
                .isInstanceOf(DatasetException.Refused.class);
        assertThatThrownBy(() -> fetcher.fetch(nonsense, DataRecipe.defaults(), "me", ProgressListener.silent()))
                .isInstanceOf(DatasetException.Refused.class);
    }

    @Test
    void aVolumeGivesAllItsDataFilesByName() throws IOException {
        write("b.jsonl");
        write("a.jsonl");
        write("README.md");
        write("..data/hidden.jsonl");
        write("part/c.jsonl");

        assertThat(fromVolume(DataRecipe.defaults()))
                .extracting(DataFile::name)
                .containsExactly("a.jsonl", "b.jsonl", "part/c.jsonl");
    }

    @Test
    void pathAndExtensionPick() throws IOException {
        write("a.jsonl");
        write("part/c.jsonl");
        write("part/d.csv");

        assertThat(fromVolume(recipe(Optional.of("/mnt/data/part"), Optional.of("csv"))))
                .extracting(DataFile::name)
                .containsExactly("part/d.csv");
        assertThat(fromVolume(recipe(Optional.of("a.jsonl"), Optional.empty())))
                .extracting(DataFile::name)
                .containsExactly("a.jsonl");
    }

    @Test
    void aMissingFileIsSaidWithWhatIsThere() throws IOException {
        write("a.jsonl");

        assertThatThrownBy(() -> fromVolume(recipe(Optional.of("train.jsonl"), Optional.empty())))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage("There is no train.jsonl in the volume; it holds a.jsonl.");
    }

    @Test
    void aVolumeWithoutDataIsSaid() {
        assertThatThrownBy(() -> fromVolume(DataRecipe.defaults()))
                .hasMessage(
                        "There is no data file in the volume; it holds no files. Data files are parquet, jsonl, json and csv.");
    }

    @Test
    void aPathOutsideTheVolumeIsRefused() {
        assertThatThrownBy(() -> fromVolume(recipe(Optional.of("../secrets.jsonl"), Optional.empty())))
                .isInstanceOf(DatasetException.Refused.class);
    }

    @Test
    void anImageIsUnpackedOnce() {
        DatasetSource image = new DatasetSource.OciImage(ImageReference.parse("localhost:5000/data:1"), List.of());

        FetchedData data = fetcher.refresh(image, DataRecipe.defaults(), "me", ProgressListener.silent());

        assertThat(data.files()).extracting(DataFile::name).containsExactly("train.jsonl");
        assertThat(fetcher.refresh(image, DataRecipe.defaults(), "me", ProgressListener.silent()))
                .isEqualTo(data);
        assertThat(copied).containsExactly("localhost:5000/data:1@" + ONE);
    }

    @Test
    void aTagThatWasMovedIsUnpackedByTheNextLook() {
        DatasetSource image = new DatasetSource.OciImage(ImageReference.parse("localhost:5000/data:1"), List.of());
        fetcher.refresh(image, DataRecipe.defaults(), "me", ProgressListener.silent());
        tag = Optional.of(TWO);

        fetcher.fetch(image, DataRecipe.defaults(), "me", ProgressListener.silent());
        assertThat(copied).hasSize(1);
        fetcher.refresh(image, DataRecipe.defaults(), "me", ProgressListener.silent());
        assertThat(copied).containsExactly("localhost:5000/data:1@" + ONE, "localhost:5000/data:1@" + TWO);
    }

    @Test
    void theUnpackedImageIsUsedAndSaidWhereNoRegistryAnswers() {
        DatasetSource image = new DatasetSource.OciImage(ImageReference.parse("localhost:5000/data:1"), List.of());
        fetcher.refresh(image, DataRecipe.defaults(), "me", ProgressListener.silent());
        tag = Optional.empty();

        assertThat(fetcher.refresh(image, DataRecipe.defaults(), "me", ProgressListener.silent())
                        .notes())
                .containsExactly("Whether localhost:5000/data:1 holds other data by now is not known, and the copy that"
                        + " is here is used: localhost:5000 does not answer.");
        assertThatThrownBy(() -> fetcher.refresh(image, DataRecipe.defaults(), "you", ProgressListener.silent()))
                .isInstanceOf(SilentRegistry.class);
    }

    private List<DataFile> fetch(DataRecipe recipe, String... paths) {
        return fetcher.fetch(urls(paths), recipe, "me", ProgressListener.silent())
                .files();
    }

    private FetchedData refresh(String path) {
        return fetcher.refresh(urls(path), DataRecipe.defaults(), "me", ProgressListener.silent());
    }

    private DatasetSource urls(String... paths) {
        return new DatasetSource.Urls(
                List.of(paths).stream().map(path -> server.uri(path).toString()).toList());
    }

    private List<DataFile> fromVolume(DataRecipe recipe) {
        DatasetSource source = new DatasetSource.Volume(new VolumeReference.Claim("data"));
        return fetcher.fetch(source, recipe, "me", ProgressListener.silent()).files();
    }

    private static DataRecipe recipe(Optional<String> path, Optional<String> extension) {
        DataRecipe usual = DataRecipe.defaults();
        return new DataRecipe(
                path,
                extension,
                usual.columns(),
                usual.shuffle(),
                usual.shuffleSeed(),
                usual.trainFraction(),
                usual.maxLength(),
                usual.packing(),
                usual.completionOnlyLoss(),
                usual.chatTemplate());
    }

    private void write(String name) throws IOException {
        Path file = volume.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, ROW);
    }
}
