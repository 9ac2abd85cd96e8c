package io.kaitoflow.activities.dataset.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.io.FileSystemOutputFile;
import io.kaitoflow.activities.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetRecordsTest {

    /** Public, because the writer reads the components by reflection. */
    public record Message(String content, @Nullable String role) {}

    /** Public, because the writer reads the components by reflection. */
    public record Row(List<Message> messages) {}

    /** Public, because the writer reads the components by reflection. */
    public record Number(long text) {}

    /** Public, because the writer reads the components by reflection. */
    public record Numbers(List<Integer> messages) {}

    /** Public, because the writer reads the components by reflection. */
    public record Pair(String prompt, List<String> completion) {}

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD", "GZIP"})
    void readsChatsWhateverTheCompression(CompressionCodecName codec) throws IOException {
        DataFile file = parquet(codec, List.of(chat("user", "Hi"), chat("user", "Ho")));

        assertThat(RowFiles.usable(file))
                .hasSize(2)
                .first()
                .isEqualTo(new TrainingRow.Chat(List.of(new Turn(Role.USER, "Hi"), new Turn(Role.ASSISTANT, "Yes"))));
    }

    @Test
    void aMessageWithoutRoleIsNamedWithFileAndRow() throws IOException {
        DataFile file = parquet(CompressionCodecName.SNAPPY, List.of(chat("user", "Hi"), chat(null, "Ho")));

        assertThat(RowFiles.problems(file)).containsExactly("rows.parquet, row 2: message 1: \"role\" is missing.");
    }

    @Test
    void columnsOfAnotherTypeAreNamedWithFileAndRow() throws IOException {
        assertThat(RowFiles.problems(written(Number.class, new Number(7))))
                .containsExactly("rows.parquet, row 1: \"text\" is a number, not text.");
        assertThat(RowFiles.problems(written(Numbers.class, new Numbers(List.of(7)))))
                .containsExactly(
                        "rows.parquet, row 1: \"message 1\" is a number, not an object with role and content.");
        assertThat(RowFiles.problems(written(Pair.class, new Pair("Why?", List.of("Because.")))))
                .containsExactly("rows.parquet, row 1: \"completion\" is a list, not text.");
    }

    @Test
    void aFileThatWasCutShortIsNamed() throws IOException {
        DataFile whole = parquet(CompressionCodecName.SNAPPY, Collections.nCopies(50, chat("user", "Hi")));
        byte[] bytes = Files.readAllBytes(whole.path());
        DataFile half = new RowFiles(folder).write("half.parquet", java.util.Arrays.copyOf(bytes, bytes.length / 2));

        assertThatThrownBy(() -> RowFiles.read(half))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessage("half.parquet is a broken parquet file: its end is missing; fetch or write it again.");
    }

    @Test
    void pagesThatWereOverwrittenAreNamed() throws IOException {
        DataFile whole = parquet(CompressionCodecName.SNAPPY, Collections.nCopies(50, chat("user", "Hi")));
        byte[] bytes = Files.readAllBytes(whole.path());
        java.util.Arrays.fill(bytes, 4, 60, (byte) 0x5a);
        DataFile broken = new RowFiles(folder).write("broken.parquet", bytes);

        assertThatThrownBy(() -> RowFiles.read(broken))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageContaining("broken.parquet");
    }

    @Test
    void aLoginPageIsNoParquetFile() {
        DataFile page = new RowFiles(folder).write("rows.parquet", "<!doctype html><title>Sign in</title>");

        assertThatThrownBy(() -> RowFiles.read(page))
                .hasMessage("rows.parquet is no parquet file: it does not begin with PAR1.");
    }

    @Test
    void readsAllRowsOfARealFile() {
        Path file = Path.of(
                        Optional.ofNullable(System.getenv("KAITOFLOW_SHARED")).orElse("../../../shared"))
                .resolve("data/gsm8k/train-messages.parquet");
        assumeTrue(Files.exists(file), "set KAITOFLOW_SHARED to the folder that holds data/gsm8k");

        DataFile real = new DataFile(file, "train-messages.parquet", FileKind.PARQUET);

        assertThat(RowFiles.usable(real))
                .hasSize(7_473)
                .allSatisfy(row -> assertThat(((TrainingRow.Chat) row).turns())
                        .extracting(Turn::role)
                        .containsExactly(Role.USER, Role.ASSISTANT));
    }

    private static Row chat(@Nullable String role, String content) {
        return new Row(List.of(new Message(content, role), new Message("Yes", "assistant")));
    }

    private <T> DataFile written(Class<T> form, T row) throws IOException {
        Path path = folder.resolve("rows.parquet");
        Files.deleteIfExists(path);
        try (CarpetWriter<T> writer =
                new CarpetWriter.Builder<>(new FileSystemOutputFile(path.toFile()), form).build()) {
            writer.write(List.of(row));
        }
        return new DataFile(path, "rows.parquet", FileKind.PARQUET);
    }

    private DataFile parquet(CompressionCodecName codec, List<Row> rows) throws IOException {
        Path path = folder.resolve("rows.parquet");
        try (CarpetWriter<Row> writer = new CarpetWriter.Builder<>(new FileSystemOutputFile(path.toFile()), Row.class)
                .withCompressionCodec(codec)
                .build()) {
            writer.write(rows);
        }
        return new DataFile(path, "rows.parquet", FileKind.PARQUET);
    }
}
