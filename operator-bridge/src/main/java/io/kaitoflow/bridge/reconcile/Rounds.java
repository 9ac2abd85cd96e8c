package io.kaitoflow.bridge.reconcile;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done again and again, one after the other on one thread. */
final class Rounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final ScheduledExecutorService thread;

    Rounds(String name) {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    /** @param interval from the end of one to the next, and before the first */
    void every(Duration interval, Runnable round) {
        var unused = thread.scheduleWithFixedDelay(
                () -> guarded(round), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whatever it ends with, mostly a server that is down: an executor would never run it again, and nobody would know. */
    private static void guarded(Runnable round) {
        try {
            round.run();
        } catch (RuntimeException e) {
            LOG.warn("A round of the bridge failed and comes again", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
