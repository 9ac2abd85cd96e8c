package io.kaitoflow.activities.dataset.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenisedDatasetTest {

    @TempDir
    private Path folder;

    private TokenisedDatasets datasets;

    @BeforeEach
    void prepareCache() {
        datasets = new TokenisedDatasets(folder.resolve("tokenised"));
    }

    @Test
    void rowsComeBackAsTheyWereEncodedInTheirOrder() throws IOException {
        Path file = TokenisingFixture.write(folder, """
                {"prompt":"two words","completion":"and three more"}
                {"prompt":"","completion":"only this"}
                """);

        try (TokenisedDataset dataset = prepare(TokenisingFixture.job(file))) {
            assertThat(dataset.training()).hasSize(2);
            assertThat(dataset.training().get(0).scored()).containsExactly(false, false, true, true, true);
            assertThat(dataset.training().get(0).ids())
                    .startsWith("two".hashCode() & 0xffff, "words".hashCode() & 0xffff);
            assertThat(dataset.training().get(1).length()).isEqualTo(2);
            assertThatThrownBy(() -> dataset.training().get(2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theReportCountsWhatWasKept() throws IOException {
        Path file = TokenisingFixture.write(folder, """
                {"text":"one two three four five six"}
                {"text":"one two"}
                {"text":"one two"}
                """);

        try (TokenisedDataset dataset = prepare(TokenisingFixture.job(file, 4, 1.0, 42))) {
            assertThat(dataset.report().rows()).isEqualTo(3);
            assertThat(dataset.report().tokens()).isEqualTo(4 + 2 + 2);
            assertThat(dataset.report().scoredTokens()).isEqualTo(3 + 1 + 1);
            assertThat(dataset.report().longestRow()).isEqualTo(6);
            assertThat(dataset.report().truncatedRows()).isEqualTo(1);
            assertThat(dataset.report().duplicates()).isEqualTo(1);
            assertThat(dataset.report().lengthsInWords()).isEqualTo("up to 2 tokens 2, up to 4 1");
            assertThat(dataset.report().longest().getFirst()).isEqualTo("rows.jsonl, row 1: 6 tokens");
        }
    }

    @Test
    void everyRowIsOnExactlyOneSideOfTheSplit() throws IOException {
        Path file = TokenisingFixture.texts(folder, 20);

        try (TokenisedDataset dataset = prepare(TokenisingFixture.job(file, 100, 0.75, 42))) {
            assertThat(dataset.training()).hasSize(15);
            assertThat(dataset.heldOut()).hasSize(5);
            assertThat(Stream.concat(dataset.training().stream(), dataset.heldOut().stream()))
                    .doesNotHaveDuplicates()
                    .hasSize(20);
            assertThat(dataset.training().length(14))
                    .isEqualTo(dataset.training().getLast().length());
            assertThatThrownBy(() -> dataset.training().get(15)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theSeedDecidesTheSplit() throws IOException {
        Path file = TokenisingFixture.texts(folder, 200);

        assertThat(heldOut(file, 1)).isEqualTo(heldOut(file, 1)).isNotEqualTo(heldOut(file, 2));
    }

    @Test
    void anotherSeedWithoutSplitIsTheSameData() throws IOException {
        Path file = TokenisingFixture.texts(folder, 5);

        try (TokenisedDataset one = prepare(TokenisingFixture.job(file, 100, 1.0, 1));
                TokenisedDataset other = prepare(TokenisingFixture.job(file, 100, 1.0, 2));
                TokenisedDataset shorter = prepare(TokenisingFixture.job(file, 2, 1.0, 2))) {
            assertThat(one.digest()).isEqualTo(other.digest()).isNotEqualTo(shorter.digest());
        }
    }

    @Test
    void aSingleRowCannotBeSplit() throws IOException {
        Path file = TokenisingFixture.texts(folder, 1);

        assertThatThrownBy(() -> prepare(TokenisingFixture.job(file, 100, 0.9, 42)))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining("train_test_split");
    }

    @Test
    void whatWasMadeOnceIsFoundAgain() throws IOException {
        Path file = TokenisingFixture.texts(folder, 3);
        Path first = datasets.prepare(TokenisingFixture.job(file), ProgressListener.silent());
        Files.delete(first.resolve(TokenisedDataset.TABLE));

        assertThat(datasets.prepare(TokenisingFixture.job(file), ProgressListener.silent()))
                .isEqualTo(first)
                .satisfies(found ->
                        assertThat(found.resolve(TokenisedDataset.TABLE)).doesNotExist());
    }

    @Test
    void theFirstBadRowEndsItAndLeavesNothing() throws IOException {
        Path file = TokenisingFixture.write(folder, "{\"text\":\"fine\"}\n{\"text\":\"a b\"}\n{\"texd\":\"a\"}\n");

        assertThatThrownBy(() -> prepare(TokenisingFixture.job(file)))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage("rows.jsonl, row 1: no token is left to learn; give it an answer, or leave the row out.");
        assertThat(cacheEntries()).isEmpty();
    }

    @Test
    void aRowThatLosesItsAnswerToTruncationIsNamed() throws IOException {
        Path file = TokenisingFixture.write(folder, "{\"prompt\":\"a b c d e\",\"completion\":\"f g\"}\n");

        assertThatThrownBy(() -> prepare(TokenisingFixture.job(file, 5, 1.0, 42)))
                .hasMessage("rows.jsonl, row 1: all that would be learnt lies beyond the first 5 of its 7 tokens;"
                        + " raise max_length or shorten the row.");
    }

    @Test
    void cancellingLeavesNothing() throws IOException {
        Path file = TokenisingFixture.texts(folder, 3);

        assertThatThrownBy(() -> datasets.prepare(TokenisingFixture.job(file), (activity, done, total) -> {
                    if (activity.equals("tokenising rows")) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(cacheEntries()).isEmpty();
    }

    @Test
    void aTableThatWasCutShortIsNotRead() throws IOException {
        Path made =
                datasets.prepare(TokenisingFixture.job(TokenisingFixture.texts(folder, 3)), ProgressListener.silent());
        byte[] table = Files.readAllBytes(made.resolve(TokenisedDataset.TABLE));
        Files.write(made.resolve(TokenisedDataset.TABLE), java.util.Arrays.copyOf(table, table.length - 8));

        assertThatThrownBy(() -> TokenisedDataset.open(made)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void ofARowThatIsTooLongTheEndIsKeptWhereThatIsAsked() throws IOException {
        Path file =
                Files.writeString(folder.resolve("long.jsonl"), "{\"prompt\": \"a b c d\", \"completion\": \"e f\"}\n");
        TokenisingJob fromTheStart = TokenisingFixture.job(file, 5, 1, 1);
        TokenisingJob fromTheEnd =
                new TokenisingJob(fromTheStart.rows(), fromTheStart.encoder(), 3, true, 1, fromTheStart.seed());

        try (TokenisedDataset whole = prepare(TokenisingFixture.job(file, 100, 1, 1));
                TokenisedDataset end = prepare(fromTheEnd)) {
            int[] ids = whole.training().getFirst().ids();
            assertThat(end.training().getFirst().ids())
                    .containsExactly(Arrays.copyOfRange(ids, ids.length - 3, ids.length));
            assertThat(end.training().getFirst().scoredTokens()).isEqualTo(2);
            assertThat(end.report().truncatedRows()).isEqualTo(1);
        }
    }

    private TokenisedDataset prepare(TokenisingJob job) {
        return TokenisedDataset.open(datasets.prepare(job, ProgressListener.silent()));
    }

    private List<TokenisedRow> heldOut(Path file, long seed) {
        try (TokenisedDataset dataset = prepare(TokenisingFixture.job(file, 100, 0.9, seed))) {
            return List.copyOf(dataset.heldOut());
        }
    }

    private List<Path> cacheEntries() throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve("tokenised"))) {
            return entries.toList();
        }
    }
}
