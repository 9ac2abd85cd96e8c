package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// In threads of their own: one that waits for ever hears no interruption, and shall fail all the same.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrewTest {
    @Test
    void everyPieceRunsOnceAlsoAfterThePausesInWhichTheCrewSleeps() {
        try (Crew crew = new Crew(3)) {
            for (int round = 0; round < 300; round++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(7);
                crew.run(7, (piece, scratch) -> runs.incrementAndGet(piece));
                assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1]");
                if (round % 50 == 0) {
                    LockSupport.parkNanos(2_000_000);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 16, 17, 100})
    void everyRowRunsOnceHoweverManyAreAPiece(int rows) {
        try (Crew crew = new Crew(2)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(rows);
            crew.runRows(rows, (row, scratch) -> runs.incrementAndGet(row));

            assertThat(IntStream.range(0, rows).map(runs::get)).hasSize(rows).allMatch(count -> count == 1);
        }
    }

    @Test
    void severalThreadsShareTheWork() {
        var threads = ConcurrentHashMap.newKeySet();
        try (Crew crew = new Crew(2)) {
            crew.run(2, (piece, scratch) -> {
                threads.add(Thread.currentThread().getName());
                while (threads.size() < 2) {
                    Thread.onSpinWait();
                }
            });
        }
        assertThat(threads).hasSize(2);
    }

    @Test
    void aThreadThatIsLateDelaysOnlyThePieceItHolds() {
        AtomicInteger others = new AtomicInteger();
        try (Crew crew = new Crew(2)) {
            crew.run(8, (piece, scratch) -> {
                if (piece == 4) {
                    while (others.get() < 7) {
                        Thread.onSpinWait();
                    }
                } else {
                    others.incrementAndGet();
                }
            });
        }
        assertThat(others).hasValue(7);
    }

    @Test
    void aPieceThatFailsFailsTheJobAndNotTheCrew() {
        try (Crew crew = new Crew(2)) {
            assertThatThrownBy(() -> crew.run(4, (piece, scratch) -> {
                        if (piece == 2) {
                            throw new IllegalArgumentException("piece 2");
                        }
                    }))
                    .hasMessage("piece 2");

            AtomicIntegerArray runs = new AtomicIntegerArray(2);
            crew.run(2, (piece, scratch) -> runs.incrementAndGet(piece));
            assertThat(runs.toString()).isEqualTo("[1, 1]");
        }
    }
}
