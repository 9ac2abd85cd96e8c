package io.kaitoflow.bridge.status;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Runs tasks one after the other on a thread of its own, and rests after each in proportion to the time that it took. On a free
 * server that is hardly any; one that is slow, because a burst of new workspaces wants machines, is left to those.
 */
final class GivingWay implements AutoCloseable {

    private static final int REST_PER_WORK = 3;
    private static final Duration LONGEST_REST = Duration.ofMillis(250);

    /** Waits, on the thread of the tasks. */
    interface Rest {
        void take(Duration time) throws InterruptedException;
    }

    private final ScheduledExecutorService thread;
    private final LongSupplier nanoseconds;
    private final Rest rest;

    GivingWay(String name) {
        this(name, System::nanoTime, Thread::sleep);
    }

    GivingWay(String name, LongSupplier nanoseconds, Rest rest) {
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        this.nanoseconds = nanoseconds;
        this.rest = rest;
    }

    /** Runs the task when its time and its turn have come. */
    void schedule(Runnable task, Duration delay) {
        var unused = thread.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(Runnable task) {
        long start = nanoseconds.getAsLong();
        try {
            task.run();
        } finally {
            restAfter(Duration.ofNanos(nanoseconds.getAsLong() - start));
        }
    }

    private void restAfter(Duration work) {
        Duration wanted = work.multipliedBy(REST_PER_WORK);
        try {
            rest.take(wanted.compareTo(LONGEST_REST) < 0 ? wanted : LONGEST_REST);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** What waits is not run any more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
