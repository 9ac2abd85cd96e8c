package io.kaitoflow.activities.dataset.rows;

import com.jerolba.carpet.io.FileSystemInputFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a parquet file as bytes. Whoever reads them as texts puts U+FFFD where bytes are no UTF-8, as the file itself may; so a
 * row that has one is looked at a second time. A file without such rows is read once.
 */
final class ParquetTexts implements Closeable {

    private static final int REPLACEMENT = 0xFFFD;

    private final Path file;
    private @Nullable ParquetReader<Group> rows;
    private long read;

    ParquetTexts(Path file) {
        this.file = file;
    }

    /** Whether any text in it has what stands for bytes that are no UTF-8. */
    static boolean mayBeReplaced(@Nullable Object value) {
        return switch (value) {
            case String text -> text.indexOf(REPLACEMENT) >= 0;
            case Collection<?> list -> list.stream().anyMatch(ParquetTexts::mayBeReplaced);
            case Map<?, ?> fields -> mayBeReplaced(fields.values());
            case null, default -> false;
        };
    }

    /**
     * Whether all texts of a row are UTF-8. Rows are asked for in their order.
     *
     * @param number from 1
     */
    boolean isUtf8(long number) {
        try {
            ParquetReader<Group> reader = opened();
            while (read < number - 1) {
                reader.read();
                read++;
            }
            read++;
            return isUtf8(reader.read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ParquetReader<Group> opened() throws IOException {
        ParquetReader<Group> open = rows;
        if (open == null) {
            open = new Rows(file).build();
            rows = open;
        }
        return open;
    }

    private static boolean isUtf8(Group group) {
        return IntStream.range(0, group.getType().getFieldCount())
                .allMatch(field -> IntStream.range(0, group.getFieldRepetitionCount(field))
                        .allMatch(place -> isUtf8(group, field, place)));
    }

    private static boolean isUtf8(Group group, int field, int place) {
        Type type = group.getType().getType(field);
        if (!type.isPrimitive()) {
            return isUtf8(group.getGroup(field, place));
        }
        boolean text = type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
        return !text || isUtf8(group.getBinary(field, place));
    }

    private static boolean isUtf8(Binary bytes) {
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (rows != null) {
            rows.close();
        }
    }

    /** Rows as the file has them. */
    private static final class Rows extends ParquetReader.Builder<Group> {

        Rows(Path file) {
            super(new FileSystemInputFile(file.toFile()), new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}
