package io.kaitoflow.activities.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {

    private static final byte[] ROW = "{\"text\":\"one\"}\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"b.jsonl.gz", "b.JSONL.ZST", "part/b.csv.zip", "b.json.bz2", "b.jsonl.xz"})
    void aCompressedFileBesideOthersIsRefusedByName(String name) throws IOException {
        write("a.jsonl", ROW);
        write(name, ROW);

        assertThatThrownBy(() -> files(recipe(Optional.empty(), Optional.empty())))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage(name + " in the folder is compressed, and compressed files are not read; unpack it, or name"
                        + " the file or folder to train on as dataset_path.");
    }

    @Test
    void otherPackedFilesAreNoData() throws IOException {
        write("a.jsonl", ROW);
        write("b.csv.gz", ROW);
        write("pictures.zip", ROW);

        assertThat(files(recipe(Optional.empty(), Optional.of("jsonl"))))
                .extracting(DataFile::name)
                .containsExactly("a.jsonl");
    }

    @Test
    void aCompressedFileIsKnownByItsContentToo() throws IOException {
        write("a.jsonl", packed());
        write("b", packed());

        assertThatThrownBy(() -> files(recipe(Optional.empty(), Optional.empty())))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage("a.jsonl is compressed (gzip); unpack it.");
        assertThatThrownBy(() -> files(recipe(Optional.of("b"), Optional.of("jsonl"))))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage("b is compressed (gzip); unpack it.");
    }

    @Test
    void testRowsThatAreTrainedOnAreSaid() throws IOException {
        write("data/train-00000.jsonl", ROW);
        write("data/latest.jsonl", ROW);
        write("data/test-00000.jsonl", ROW);
        write("validation/a.jsonl", ROW);

        assertThat(fetched(Optional.empty()).notes())
                .containsExactly("All 4 data files are trained on, also data/test-00000.jsonl, validation/a.jsonl; if"
                        + " those rows are to be kept apart, name the file or folder of the others as dataset_path.");
        assertThat(fetched(Optional.of("data")).notes()).isEmpty();
    }

    @Test
    void testRowsAloneAreWhatWasAskedFor() throws IOException {
        write("test.jsonl", ROW);

        assertThat(fetched(Optional.empty()).notes()).isEmpty();
    }

    private List<DataFile> files(DataRecipe recipe) throws IOException {
        return new DataFolder(folder, "the folder").files(recipe);
    }

    private FetchedData fetched(Optional<String> path) {
        DatasetFetcher fetcher = new DatasetFetcher(
                new FetchSettings(folder.resolve("downloads"), Set.of()),
                volume -> folder,
                (image, secrets, inside, target, listener) -> {
                    throw new AssertionError("no image is asked for");
                },
                (image, secrets) -> {
                    throw new AssertionError("no image is asked for");
                });
        DatasetSource source = new DatasetSource.Volume(new VolumeReference.Claim("data"));
        return fetcher.fetch(source, recipe(path, Optional.empty()), "me", ProgressListener.silent());
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

    private static byte[] packed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(ROW);
        }
        return bytes.toByteArray();
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
