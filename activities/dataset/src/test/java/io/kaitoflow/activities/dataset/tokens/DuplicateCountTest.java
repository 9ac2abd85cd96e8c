package io.kaitoflow.activities.dataset.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DuplicateCountTest {

    @Test
    void fewRowsAreCountedExactly() {
        DuplicateCount count = new DuplicateCount();
        for (long seed = 0; seed < 3; seed++) {
            for (int i = 0; i < 5000; i++) {
                count.add(fingerprint(i));
            }
        }

        assertThat(count.count()).isEqualTo(10_000);
    }

    @Test
    void soAreManyRows() {
        DuplicateCount count = new DuplicateCount(1024);
        for (int i = 0; i < 300_000; i++) {
            count.add(fingerprint(i % 200_000));
        }

        assertThat(count.count()).isEqualTo(100_000);
    }

    @Test
    void manyTimesTheSameRowIsCountedToo() {
        DuplicateCount count = new DuplicateCount(64);
        for (int i = 0; i < 1000; i++) {
            count.add(7);
        }

        assertThat(count.count()).isEqualTo(999);
    }

    @Test
    void aFingerprintOfZerosIsOneLikeAnyOther() {
        DuplicateCount count = new DuplicateCount();

        count.add(0);
        count.add(0);

        assertThat(count.count()).isEqualTo(1);
    }

    private static long fingerprint(int row) {
        return new Random(row * 0x9E3779B97F4A7C15L).nextLong() ^ new Random(row).nextLong() << 17;
    }
}
