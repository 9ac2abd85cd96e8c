package io.kaitoflow.activities.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.LocalServer;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFetcherTest {

    private static final byte[] ROW = LocalServer.bytes("{\"text\":\"one\"}\n");

    @TempDir
    private Path folder;

    private Path volume;
    private LocalServer server;
    private DatasetFetcher fetcher;

    @BeforeEach
    void start() throws IOException {
        volume = Files.createDirectories(folder.resolve("volume"));
        server = new LocalServer();
        FetchSettings settings = new FetchSettings(folder.resolve("downloads"), Set.of(server.authority()));
        fetcher = new DatasetFetcher(settings, reference -> volume, (image, secrets, inImage, target, listener) -> {
            try {
                Files.write(target.resolve("train.jsonl"), ROW);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
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

        List<DataFile> files = fetcher.fetch(image, DataRecipe.defaults(), "me", ProgressListener.silent());

        assertThat(files).extracting(DataFile::name).containsExactly("train.jsonl");
        assertThat(fetcher.fetch(image, DataRecipe.defaults(), "me", ProgressListener.silent()))
                .isEqualTo(files);
    }

    private List<DataFile> fetch(DataRecipe recipe, String... paths) {
        return fetcher.fetch(urls(paths), recipe, "me", ProgressListener.silent());
    }

    private DatasetSource urls(String... paths) {
        return new DatasetSource.Urls(
                List.of(paths).stream().map(path -> server.uri(path).toString()).toList());
    }

    private List<DataFile> fromVolume(DataRecipe recipe) {
        DatasetSource source = new DatasetSource.Volume(new VolumeReference.Claim("data"));
        return fetcher.fetch(source, recipe, "me", ProgressListener.silent());
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
