package io.kaitoflow.activities.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.dataset.download.LocalServer;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One data set, wanted by two commands at once. */
class FetchedByTwoTest {

    private static final byte[] ROW = LocalServer.bytes("{\"text\":\"one\"}\n");

    @TempDir
    private Path folder;

    @Test
    void whoComesSecondSaysThatItWaitsAndFetchesThen() throws IOException {
        Path lock = Files.createDirectories(folder.resolve("owner")).resolve(".lock");
        List<String> said = new ArrayList<>();
        try (LocalServer server = new LocalServer();
                FileChannel first = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = first.lock()) {
            server.serve("/train.jsonl", ROW);
            DatasetFetcher second = new DatasetFetcher(
                    new FetchSettings(folder, Set.of(server.authority())),
                    reference -> folder,
                    (image, secrets, inImage, target, listener) -> {},
                    (image, secrets) -> {
                        throw new AssertionError("There is no image");
                    });

            FetchedData fetched = second.fetch(
                    new DatasetSource.Urls(List.of(server.uri("/train.jsonl").toString())),
                    DataRecipe.defaults(),
                    "owner",
                    (activity, done, total) -> {
                        said.add(activity);
                        letGo(held);
                    });

            assertThat(said).first().isEqualTo("waiting for another process that fetches the data set");
            assertThat(fetched.files().getFirst().path()).hasBinaryContent(ROW);
        }
    }

    private static void letGo(FileLock held) {
        try {
            held.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
