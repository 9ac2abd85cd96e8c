package io.kaitoflow.worker.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CrashPointTest {

    @Test
    void asManySeedsInARowAsThereAreCellsMeetEachOfThemOnce() {
        assertThat(LongStream.range(1, 1 + CrashPoint.cells())
                        .mapToObj(CrashPoint::of)
                        .map(point -> point.victim() + " " + point.step() + " " + point.moment()))
                .doesNotHaveDuplicates()
                .hasSize(CrashPoint.cells());
    }
}
