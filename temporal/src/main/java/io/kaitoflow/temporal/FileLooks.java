package io.kaitoflow.temporal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Looks at the files of one connection, again and again until that is closed. */
final class FileLooks implements AutoCloseable {

    /** One thread looks for all connections of this process. */
    private static final ScheduledThreadPoolExecutor THREAD = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("temporal-certificates").daemon().factory());

    static {
        THREAD.setRemoveOnCancelPolicy(true);
    }

    private final List<Runnable> ends = new ArrayList<>();

    /** How many go on, of all connections of this process. */
    static int goingOn() {
        return THREAD.getQueue().size();
    }

    ScheduledExecutorService thread() {
        return THREAD;
    }

    /** @param end of a look that goes on in the thread */
    void add(Runnable end) {
        ends.add(end);
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
        ends.clear();
    }
}
