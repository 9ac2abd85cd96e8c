package io.kaitoflow.activities.dataset.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.workflows.request.DataRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of each fault in {@link BrokenData}. Run with -Dgolden.rewrite=true to write the words anew. */
class BrokenDataTest {

    private static final Path WORDS =
            Path.of("src", "test", "resources", "io", "kaitoflow", "activities", "dataset", "rows", "broken-data.txt");

    /** A fault of the file as a whole has no row; whatever it is, what helps comes after what is wrong. */
    private static final String SENTENCE = "rows\\.\\w+(, row \\d+:)? .+; .+\\.";

    @TempDir
    private static Path folder = Path.of("");

    private static final Map<String, Map<FileKind, Seen>> ALL = new LinkedHashMap<>();

    private record Seen(int usable, List<String> problems) {

        @Override
        public String toString() {
            return (usable == 1 ? "1 row" : usable + " rows")
                    + (problems.isEmpty() ? "" : "; " + String.join(" / ", problems));
        }
    }

    @BeforeAll
    static void readAll() {
        RowFiles files = new RowFiles(folder);
        BrokenData.all().forEach((fault, kinds) -> {
            Map<FileKind, Seen> seen = new TreeMap<>();
            kinds.forEach((kind, bytes) -> seen.put(kind, read(files.write("rows." + kind.extension(), bytes))));
            ALL.put(fault, seen);
        });
    }

    @Test
    void everyFaultIsAnsweredAsWritten() throws IOException {
        String words = ALL.entrySet().stream()
                .map(fault -> fault.getKey() + "\n" + lines(fault.getValue()))
                .collect(Collectors.joining("\n"));

        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(WORDS, words);
        }
        assertThat(words).isEqualTo(Files.readString(WORDS));
    }

    private static String lines(Map<FileKind, Seen> kinds) {
        return kinds.entrySet().stream()
                .map(kind -> "  " + kind.getKey().extension() + ": " + kind.getValue() + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void everyAnswerNamesFileAndRowAndWhatHelps() {
        assertThat(ALL.values().stream()
                        .flatMap(kinds -> kinds.values().stream())
                        .flatMap(seen -> seen.problems().stream()))
                .hasSizeGreaterThan(40)
                .allSatisfy(sentence -> assertThat(sentence).matches(SENTENCE));
    }

    private static Seen read(DataFile file) {
        List<String> problems = new ArrayList<>();
        int usable = 0;
        try (RowCursor cursor = new TrainingRows(List.of(file), DataRecipe.Columns.usual()).open()) {
            while (cursor.hasNext()) {
                switch (cursor.next()) {
                    case ReadRow.Usable _ -> usable++;
                    case ReadRow.Unusable bad -> problems.add(bad.sentence());
                }
            }
        } catch (DatasetException.Invalid broken) {
            problems.add(String.valueOf(broken.getMessage()));
        }
        return new Seen(usable, problems);
    }
}
