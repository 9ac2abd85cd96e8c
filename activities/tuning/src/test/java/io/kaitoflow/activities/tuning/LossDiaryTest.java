package io.kaitoflow.activities.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.checkpoint.TrainingPosition;
import io.kaitoflow.activities.tuning.qlora.StepReport;
import io.kaitoflow.activities.tuning.report.LossLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that leaves the machine takes the losses with it. */
class LossDiaryTest {

    @TempDir
    private Path folder = Path.of("");

    private final List<Checkpoint> carried = new ArrayList<>();
    private LossDiary diary;

    @BeforeEach
    void open() {
        diary = new LossDiary(LossLog.open(folder.resolve("losses.csv")), 3, carried::add);
    }

    @Test
    void aCheckpointWaitsUntilItsOwnStepIsWrittenDown() throws IOException {
        diary.add(step(1));
        Checkpoint second = checkpoint(2);
        diary.saved(second);
        assertThat(carried).isEmpty();

        diary.add(step(2));

        assertThat(carried).containsExactly(second);
        assertThat(LossLog.read(LossDiary.carried(second)).steps()).isEqualTo(2);
        assertThat(LossLog.read(LossDiary.carried(second)).points().getLast().start())
                .isEqualTo(3);
        diary.add(step(3));
        assertThat(carried).hasSize(1);
    }

    @Test
    void theOneThatIsWrittenWhenTrainingStopsGoesAtOnce() throws IOException {
        diary.add(step(1));
        Checkpoint last = checkpoint(1);

        diary.saved(last);

        assertThat(carried).containsExactly(last);
        assertThat(LossLog.read(LossDiary.carried(last)).steps()).isEqualTo(1);
    }

    private Checkpoint checkpoint(long step) throws IOException {
        Path place = Files.createDirectories(folder.resolve("checkpoint-" + step));
        return new Checkpoint(place, new TrainingPosition(step, step, step, step, 0, 1));
    }

    private static StepReport step(long step) {
        return new StepReport(step, 9, 0.5, 3, 0.1, 2e-4, 100, Duration.ofSeconds(9), 0, OptionalDouble.empty());
    }
}
