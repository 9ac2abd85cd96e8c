package io.kaitoflow.activities.dataset.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.io.FileSystemOutputFile;
import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.presets.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void aRowGroupThatDoesNotFitIsRefusedWithWhatHelps() throws IOException {
        DataFile file = parquet(CompressionCodecName.UNCOMPRESSED, List.of(chat("user", "Hi"), chat("user", "Ho")));

        assertThatThrownBy(() -> new ParquetRecords(file, ByteSize.ofBytes(100)))
                .isInstanceOf(DatasetException.Invalid.class)
                .hasMessageMatching("rows\\.parquet cannot be read here: it has a row group of \\d+ B, which is held in"
                        + " memory as a whole, and there is room for 100 B; write it with smaller ones, .+");
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
