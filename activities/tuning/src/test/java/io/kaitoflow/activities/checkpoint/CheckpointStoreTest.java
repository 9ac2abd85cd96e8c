package io.kaitoflow.activities.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

    private static final Digest RUN = Digest.parse("sha256:" + "a".repeat(64));
    private static final Digest SAME_BEGINNING = Digest.parse("sha256:" + "a".repeat(63) + "b");
    private static final Digest OTHER = Digest.parse("sha256:" + "b".repeat(64));

    @TempDir
    private Path folder;

    @Test
    void thereIsNoneBeforeTheFirst() {
        assertThat(store(RUN).newest()).isEmpty();
        assertThat(new CheckpointStore(folder.resolve("not there"), RUN).newest())
                .isEmpty();
    }

    @Test
    void readsBackWhatItSaved() {
        store(RUN).save(at(40), tensors(1.5f, -2));

        Checkpoint newest = store(RUN).newest().orElseThrow();

        assertThat(newest.position()).isEqualTo(at(40));
        assertThat(read(newest)).containsExactly(1.5f, -2);
    }

    @Test
    void keepsTheNewestTwo() throws IOException {
        for (long step : List.of(10L, 20L, 30L, 40L)) {
            store(RUN).save(at(step), tensors(step));
        }

        assertThat(names()).containsExactly("checkpoint-aaaaaaaaaaaa-000000030", "checkpoint-aaaaaaaaaaaa-000000040");
    }

    @Test
    void passesOverADamagedOne() throws IOException {
        store(RUN).save(at(10), tensors(1));
        Checkpoint damaged = store(RUN).save(at(20), tensors(2));
        Files.write(damaged.folder().resolve("adapter.f32"), new byte[] {0, 0, 0, 1});

        assertThat(store(RUN).newest().orElseThrow().position().step()).isEqualTo(10);
    }

    @Test
    void passesOverOneWithoutAFileOrWithHalfAHeader() throws IOException {
        store(RUN).save(at(10), tensors(1));
        Checkpoint missing = store(RUN).save(at(20), tensors(2));
        Files.delete(missing.folder().resolve("adapter.f32"));
        assertThat(store(RUN).newest().orElseThrow().position().step()).isEqualTo(10);

        Files.writeString(missing.folder().resolve("checkpoint.json"), "{\"run\":");
        assertThat(store(RUN).newest().orElseThrow().position().step()).isEqualTo(10);
    }

    @Test
    void aHalfWrittenOneIsNotThere() throws IOException {
        store(RUN).save(at(10), tensors(1));
        Files.createDirectory(folder.resolve("checkpoint-aaaaaaaaaaaa-000000020.partial"));

        assertThat(store(RUN).newest().orElseThrow().position().step()).isEqualTo(10);
        assertThat(store(RUN).save(at(20), tensors(2)).position().step()).isEqualTo(20);
    }

    @Test
    void leavesThoseOfOtherRunsAlone() throws IOException {
        store(OTHER).save(at(99), tensors(9));
        store(RUN).save(at(10), tensors(1));
        store(RUN).save(at(20), tensors(1));
        store(RUN).save(at(30), tensors(1));

        assertThat(store(RUN).newest().orElseThrow().position().step()).isEqualTo(30);
        assertThat(names()).contains("checkpoint-bbbbbbbbbbbb-000000099");
    }

    @Test
    void refusesAForeignOneUnderItsOwnName() {
        store(SAME_BEGINNING).save(at(10), tensors(1));

        assertThatThrownBy(() -> store(RUN).newest())
                .isInstanceOf(CheckpointException.Foreign.class)
                .hasMessageContaining(SAME_BEGINNING.value())
                .hasMessageContaining("model, data or recipe differ");
    }

    @Test
    void namesTheDiskWhenItCannotWrite() throws IOException {
        Path file = Files.createFile(folder.resolve("a file"));

        assertThatThrownBy(() -> new CheckpointStore(file, RUN).save(at(10), tensors(1)))
                .isInstanceOf(CheckpointException.Unwritable.class)
                .hasMessageContaining("a file");
    }

    @Test
    void refusesMemoryOfAnotherSize() {
        Checkpoint checkpoint = store(RUN).save(at(10), tensors(1, 2, 3));

        assertThatThrownBy(() -> checkpoint.read("adapter", MemorySegment.ofArray(new byte[4])))
                .isInstanceOf(CheckpointException.Unreadable.class)
                .hasMessageContaining("it has 12 bytes, expected 4");
    }

    private CheckpointStore store(Digest run) {
        return new CheckpointStore(folder, run);
    }

    private static TrainingPosition at(long step) {
        return new TrainingPosition(step, 4 * step, 232 * step, 1.5 * step, 1, 0.25);
    }

    private static Map<String, MemorySegment> tensors(float... values) {
        return Map.of("adapter", Arena.ofAuto().allocateFrom(JAVA_FLOAT, values));
    }

    private static float[] read(Checkpoint checkpoint) {
        MemorySegment memory = Arena.ofAuto().allocate(JAVA_FLOAT, 2);
        checkpoint.read("adapter", memory);
        return memory.toArray(JAVA_FLOAT);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
