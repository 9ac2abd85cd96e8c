package io.kaitoflow.worker.tuner;

import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a running activity's heartbeat going, with the newest progress as its detail, also while the work itself is silent; and
 * remembers when the answer to a heartbeat was that the work is not wanted any more.
 */
final class Pulse implements AutoCloseable {

    /** The pulse of the activity that this thread runs. */
    static final ScopedValue<Pulse> CURRENT = ScopedValue.newInstance();

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ActivityExecutionContext context;
    private final ScheduledExecutorService timer;
    private final AtomicReference<TuningProgress> newest;
    private volatile @Nullable ActivityCompletionException ended;

    Pulse(ActivityExecutionContext context) {
        this.context = context;
        this.newest = new AtomicReference<>(TuningProgress.of(context.getInfo().getActivityType(), 0, 0));
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("heartbeat").factory());
        timer.scheduleWithFixedDelay(this::beat, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The next heartbeat tells this. */
    void report(TuningProgress progress) {
        newest.set(progress);
    }

    /** Whether the work is to end: it was cancelled, or this worker shuts down. */
    boolean ended() {
        return ended != null;
    }

    /** Ends the work the way Temporal expects, if it is to end. */
    void throwIfEnded() {
        ActivityCompletionException reason = ended;
        if (reason != null) {
            throw reason;
        }
    }

    private void beat() {
        try {
            context.heartbeat(newest.get());
        } catch (ActivityCompletionException e) {
            ended = e;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        // The last report is told even when the work ended between two beats.
        beat();
    }
}
