package io.kaitoflow.activities.dataset.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.preflight.DatasetReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetInspectorTest {

    @TempDir
    private Path folder;

    @Test
    void allBadRowsAreListedAndTheGoodOnesCounted() throws IOException {
        Path file = TokenisingFixture.write(folder, """
                {"text":"good row"}
                {"text":7}
                nonsense
                {"text":"another good row"}
                """);

        Inspection inspection = inspect(TokenisingFixture.job(file));

        assertThat(inspection.report().orElseThrow().rows()).isEqualTo(2);
        assertThat(inspection.problemCount()).isEqualTo(2);
        assertThat(inspection.problems())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo(
                                        "rows.jsonl, row 2: \"text\" is a number, not text; write it so, or leave the row out."),
                        second -> assertThat(second).startsWith("rows.jsonl, row 3: the line is not one JSON object"));
    }

    @Test
    void anEmptyFileIsAProblemWithoutReport() throws IOException {
        Inspection inspection = inspect(TokenisingFixture.job(TokenisingFixture.write(folder, "")));

        assertThat(inspection.report()).isEmpty();
        assertThat(inspection.problems()).containsExactly("rows.jsonl holds no rows; fill it, or leave it out.");
    }

    @Test
    void rowsThatTheModelHasNoFormForAreNamed() throws IOException {
        Path file = TokenisingFixture.write(folder, "{\"messages\":[{\"role\":\"assistant\",\"content\":\"Hi\"}]}\n");

        assertThat(inspect(TokenisingFixture.job(file)).problems())
                .containsExactly("rows.jsonl, row 1: words know no chats.");
    }

    @Test
    void theReportEqualsThatOfTheRealThing() throws IOException {
        TokenisingJob job = TokenisingFixture.job(TokenisingFixture.texts(folder, 30), 100, 0.8, 42);
        Path made = new TokenisedDatasets(folder.resolve("made")).prepare(job, ProgressListener.silent());

        try (TokenisedDataset dataset = TokenisedDataset.open(made)) {
            assertThat(inspect(job).report()).contains(dataset.report().of(List.of("rows.jsonl")));
        }
    }

    @Test
    void aTextThatSpellsTheModelsMarksIsSaidOnce() throws IOException {
        Path file = TokenisingFixture.write(folder, """
                {"text":"plain"}
                {"text":"<|im_start|>user Hi"}
                {"text":"<|im_start|>user Ho"}
                """);

        assertThat(inspect(TokenisingFixture.job(file)).notes())
                .containsExactly(
                        "rows.jsonl, row 2: the text spells a mark of the model's, and is learnt as the letters"
                                + " that it is written in; write chats as messages, and the model's template sets its marks.");
    }

    @Test
    void theFirstFilesAreNamed() {
        List<DataFile> files = IntStream.range(0, 7)
                .mapToObj(i -> new DataFile(folder, "part/" + "x".repeat(60) + i + ".jsonl", FileKind.JSONL))
                .toList();

        assertThat(new FileNames(files).shown())
                .hasSize(6)
                .startsWith("…" + "x".repeat(52) + "0.jsonl")
                .endsWith("2 more");
        assertThat(new FileNames(files.subList(0, 5)).shown()).hasSize(5);
    }

    @Test
    void aLargeDataSetIsEstimatedFromASampleAndSaysSo() throws IOException {
        TokenisingJob job = TokenisingFixture.job(TokenisingFixture.texts(folder, 4000));
        DatasetReport exact = inspect(job).report().orElseThrow();

        DatasetReport estimated = new DatasetInspector(ByteSize.ofBytes(20_000))
                .inspect(job, ProgressListener.silent())
                .report()
                .orElseThrow();

        assertThat(estimated.exact()).isFalse();
        assertThat(estimated.rows()).isEqualTo(4000);
        assertThat(estimated.tokens()).isCloseTo(exact.tokens(), Percentage.withPercentage(2));
    }

    private static Inspection inspect(TokenisingJob job) {
        return new DatasetInspector().inspect(job, ProgressListener.silent());
    }
}
