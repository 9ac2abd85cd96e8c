package io.kaitoflow.bridge.status;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Hands out moments that lie apart from each other; who comes alone does not wait. */
final class Spacing {

    private final long apart;
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    Spacing(Duration apart) {
        this.apart = apart.toNanos();
    }

    /**
     * Takes the next free moment.
     *
     * @param earliest nanoseconds of the clock that {@code now} is of
     * @return how many nanoseconds after {@code now} it is
     */
    long pauseUntil(long earliest, long now) {
        long wanted = Math.max(earliest, now);
        long taken = next.accumulateAndGet(wanted, (free, at) -> Math.max(free, at) + apart) - apart;
        return taken - now;
    }
}
