package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.activities.dataset.rows.TrainingRows;
import io.kaitoflow.workflows.request.DataRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Jobs over small files. */
final class TokenisingFixture {

    private TokenisingFixture() {}

    static TokenisingJob job(Path file) {
        return job(file, 100, 1.0, 42);
    }

    static TokenisingJob job(Path file, int maxLength, double trainFraction, long seed) {
        DataFile data = new DataFile(file, file.getFileName().toString(), FileKind.JSONL);
        TrainingRows rows = new TrainingRows(List.of(data), DataRecipe.Columns.usual());
        return new TokenisingJob(rows, new WordEncoder("1"), maxLength, false, trainFraction, seed);
    }

    static Path texts(Path folder, int rows) throws IOException {
        return write(
                folder,
                IntStream.range(0, rows)
                        .mapToObj(i -> "{\"text\":\"row number " + i + "\"}")
                        .collect(Collectors.joining("\n")));
    }

    static Path write(Path folder, String lines) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), lines);
    }
}
