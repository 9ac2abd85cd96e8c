package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.checkpoint.CheckpointException;
import io.kaitoflow.activities.checkpoint.TrainingPosition;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeDepotTest {

    private static final Digest RUN = Digest.parse("sha256:" + "ab".repeat(32));
    private static final Digest OTHER_RUN = Digest.parse("sha256:" + "cd".repeat(32));

    @TempDir
    private Path work = Path.of("");

    @Test
    void theNewestTwoStayAndComeBackWithTheSameBytes() throws IOException {
        VolumeDepot depot = depot(RUN);
        for (int step : new int[] {9, 10, 100}) {
            depot.store(checkpoint(step));
        }

        assertThat(depot.steps()).containsExactly(100L, 10L);
        Path back = Files.createDirectories(work.resolve("back"));
        depot.fetch(100, back);
        assertThat(back.resolve("adapter.f32")).hasContent("step 100");
    }

    @Test
    void checkpointsOfAnotherRunDoNotCountAndGo() throws IOException {
        depot(OTHER_RUN).store(checkpoint(50));
        assertThat(depot(RUN).steps()).isEmpty();

        depot(RUN).store(checkpoint(10));

        assertThat(depot(OTHER_RUN).steps()).isEmpty();
    }

    @Test
    void oneThatIsHalfCopiedIsNone() throws IOException {
        Files.createDirectories(work.resolve("volume").resolve("." + RUN.hex().substring(0, 12) + "-10"));

        assertThat(depot(RUN).steps()).isEmpty();
        depot(RUN).store(checkpoint(10));
        assertThat(depot(RUN).steps()).containsExactly(10L);
    }

    @Test
    void aVolumeThatCannotBeWrittenIsSaidInWords() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "no folder");
        Checkpoint checkpoint = checkpoint(1);

        assertThatThrownBy(() -> new VolumeDepot(file, RUN).store(checkpoint))
                .isInstanceOf(CheckpointException.Unreachable.class)
                .hasMessageContaining(file.toString());
    }

    private VolumeDepot depot(Digest run) {
        return new VolumeDepot(work.resolve("volume"), run);
    }

    private Checkpoint checkpoint(int step) throws IOException {
        Path folder = Files.createDirectories(work.resolve("written-" + step));
        Files.writeString(folder.resolve("adapter.f32"), "step " + step);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
        return new Checkpoint(folder, new TrainingPosition(step, step, step, 1, 0, 0.5));
    }
}
