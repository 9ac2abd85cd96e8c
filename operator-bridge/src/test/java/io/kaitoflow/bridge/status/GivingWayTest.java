package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GivingWayTest {

    private final AtomicLong now = new AtomicLong();
    private final List<Duration> rests = new CopyOnWriteArrayList<>();
    private final GivingWay tasks = new GivingWay("test", now::get, rests::add);

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void restsThreeTimesAsLongAsATaskTook() {
        tasks.schedule(() -> work(Duration.ofMillis(20)), Duration.ZERO);

        await().untilAsserted(() -> assertThat(rests).containsExactly(Duration.ofMillis(60)));
    }

    @Test
    void aServerThatHangsDoesNotMakeItSleepForLong() {
        tasks.schedule(() -> work(Duration.ofSeconds(30)), Duration.ZERO);

        await().untilAsserted(() -> assertThat(rests).containsExactly(Duration.ofMillis(250)));
    }

    @Test
    void aTaskThatFailsIsFollowedByTheNext() {
        List<String> done = new CopyOnWriteArrayList<>();
        tasks.schedule(
                () -> {
                    throw new IllegalStateException("no");
                },
                Duration.ZERO);
        tasks.schedule(() -> done.add("next"), Duration.ZERO);

        await().untilAsserted(() -> assertThat(done).containsExactly("next"));
        await().untilAsserted(() -> assertThat(rests).hasSize(2));
    }

    private void work(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
