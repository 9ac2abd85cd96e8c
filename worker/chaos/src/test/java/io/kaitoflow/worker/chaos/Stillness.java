package io.kaitoflow.worker.chaos;

import java.time.Duration;
import java.util.function.Supplier;

/** Knows whether something has not changed for long enough. */
final class Stillness {

    private final Supplier<String> pulse;
    private final Duration enough;
    private String last = "";
    private long since = System.nanoTime();

    Stillness(Supplier<String> pulse, Duration enough) {
        this.pulse = pulse;
        this.enough = enough;
    }

    boolean reached() {
        String now = pulse.get();
        if (!now.equals(last)) {
            last = now;
            since = System.nanoTime();
        }
        return System.nanoTime() - since >= enough.toNanos();
    }
}
