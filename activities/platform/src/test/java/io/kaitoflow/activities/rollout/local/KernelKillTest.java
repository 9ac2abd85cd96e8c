package io.kaitoflow.activities.rollout.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.testcluster.MemoryGroup;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.TunerEnd;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tuner in a control group whose memory is full, which the kernel itself ends. */
class KernelKillTest {

    private static final long LITTLE = 128;

    @TempDir
    private Path folder = Path.of("");

    private final BlockingQueue<ChildExit> deaths = new LinkedBlockingQueue<>();

    @BeforeEach
    void controlGroups() {
        String missing = MemoryGroup.missing();
        assumeTrue(missing.isEmpty(), missing);
    }

    @Test
    void theParentKnowsThatItWasTheMemory() throws InterruptedException {
        TunerInput tuner = LocalRolloutTest.tunerOf(1);
        try (MemoryGroup group = MemoryGroup.ofMebibytes(LITTLE)) {
            Path java = group.script(folder.resolve("java"), PretendParent.JAVA);
            LocalRollout rollout = PretendParent.rollout(
                    PretendParent.settings(folder, 0, java, "greedy"),
                    "model.gguf",
                    deaths::add,
                    MemoryKills.ofThisMachine());
            start(rollout, tuner);

            ChildExit death = Objects.requireNonNull(deaths.poll(60, TimeUnit.SECONDS), "the death is told");

            assertThat(group.kills()).isEqualTo(1);
            assertThat(death.sentence()).contains("exit code 137 (killed by the system: the memory was full)");
            assertThat(rollout.tunerEnd(tuner.id())).isEqualTo(new TunerEnd(true, death.sentence(), true));
        }
    }

    /** On a fast machine it is over before its start is. */
    private static void start(LocalRollout rollout, TunerInput tuner) {
        try {
            rollout.startTuner(tuner);
        } catch (RolloutException.NotStarted early) {
            assertThat(early).hasMessageContaining("the memory was full");
        }
    }
}
