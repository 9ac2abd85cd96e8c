package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.ActivityInterface;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatSupervisorTest {

    private static final TuningProgress PROGRESS = new TuningProgress(
            "tuning",
            7,
            72,
            0.5,
            OptionalDouble.of(1.25),
            OptionalDouble.of(120),
            Optional.of(Duration.ofSeconds(65)),
            6);

    private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();

    @AfterEach
    void close() {
        temporal.close();
    }

    @Test
    void progressIsTheHeartbeatsDetail() {
        List<TuningProgress> beats = new CopyOnWriteArrayList<>();
        temporal.setActivityHeartbeatListener(TuningProgress.class, beats::add);
        temporal.registerActivitiesImplementations((Training) () -> {
            HeartbeatSupervisor supervisor = HeartbeatSupervisor.ofThisActivity();
            supervisor.report(PROGRESS);
            return supervisor.stopRequested();
        });

        boolean stopped = temporal.newActivityStub(Training.class).train();

        assertThat(stopped).isFalse();
        assertThat(beats).containsExactly(PROGRESS);
    }

    @Test
    void aCancelledTrainingMaySaveItsWorkBeforeItEnds() {
        temporal.requestCancelActivity();
        List<String> saved = new CopyOnWriteArrayList<>();
        temporal.registerActivitiesImplementations((Training) () -> {
            HeartbeatSupervisor supervisor = HeartbeatSupervisor.ofThisActivity();
            supervisor.report(PROGRESS);
            if (supervisor.stopRequested()) {
                saved.add("checkpoint");
                throw supervisor.stopped();
            }
            return false;
        });

        assertThatThrownBy(() -> temporal.newActivityStub(Training.class).train())
                .isInstanceOf(CanceledFailure.class);
        assertThat(saved).containsExactly("checkpoint");
    }

    @Test
    void aTrainerThatStopsUnaskedIsAMistakeOfOurs() {
        temporal.registerActivitiesImplementations((Training) () -> {
            throw HeartbeatSupervisor.ofThisActivity().stopped();
        });

        assertThatThrownBy(() -> temporal.newActivityStub(Training.class).train())
                .hasStackTraceContaining("The trainer stopped although nobody asked it to");
    }

    /** Stands for any activity that trains. */
    @ActivityInterface
    public interface Training {

        boolean train();
    }
}
