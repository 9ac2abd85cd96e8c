package io.kaitoflow.inference.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The most memory of this process that no file stands for, looked at fifty times a second: Linux keeps no mark of it. */
final class AnonymousPeak implements AutoCloseable {
    private static final long MILLISECONDS = 20;

    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong highest = new AtomicLong();

    private AnonymousPeak() {}

    static AnonymousPeak watch() {
        AnonymousPeak peak = new AnonymousPeak();
        var unused = peak.looks.scheduleAtFixedRate(peak::look, 0, MILLISECONDS, TimeUnit.MILLISECONDS);
        return peak;
    }

    private void look() {
        highest.accumulateAndGet(TuningRun.mebibytes("RssAnon:"), Math::max);
    }

    long mebibytes() {
        return highest.get();
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
