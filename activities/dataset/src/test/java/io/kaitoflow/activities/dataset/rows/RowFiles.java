package io.kaitoflow.activities.dataset.rows;

import io.kaitoflow.workflows.request.DataRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes small data files and reads them back as rows. */
final class RowFiles {

    private final Path folder;

    RowFiles(Path folder) {
        this.folder = folder;
    }

    DataFile write(String name, String content) {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    DataFile write(String name, byte[] content) {
        try {
            Path path = Files.write(folder.resolve(name), content);
            return new DataFile(path, name, FileKind.ofName(name).orElseThrow());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<ReadRow> read(DataFile... files) {
        return read(DataRecipe.Columns.usual(), files);
    }

    static List<ReadRow> read(DataRecipe.Columns columns, DataFile... files) {
        try (RowCursor cursor = new TrainingRows(Arrays.asList(files), columns).open()) {
            List<ReadRow> rows = new ArrayList<>();
            cursor.forEachRemaining(rows::add);
            return rows;
        }
    }

    static List<TrainingRow> usable(DataFile... files) {
        return read(files).stream()
                .filter(ReadRow.Usable.class::isInstance)
                .map(row -> ((ReadRow.Usable) row).row())
                .toList();
    }

    static List<String> problems(DataFile... files) {
        return read(files).stream()
                .filter(ReadRow.Unusable.class::isInstance)
                .map(row -> ((ReadRow.Unusable) row).sentence())
                .toList();
    }
}
