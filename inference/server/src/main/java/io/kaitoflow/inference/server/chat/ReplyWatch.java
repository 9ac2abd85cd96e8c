package io.kaitoflow.inference.server.chat;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bookkeeping around one reply: its deadline, its place among the running ones, its numbers. */
final class ReplyWatch implements ReplyListener {

    private final RunningReplies running;
    private final ServingMetrics metrics;
    private final String model;
    private final long startNanos = System.nanoTime();
    private volatile @Nullable Future<?> alarm;
    private volatile Duration first = Duration.ZERO;

    ReplyWatch(RunningReplies running, ServingMetrics metrics, String model) {
        this.running = running;
        this.metrics = metrics;
        this.model = model;
    }

    void begin(Reply reply, Duration deadline, ScheduledExecutorService clock) {
        running.add(reply);
        alarm = clock.schedule(reply::expire, deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void firstToken() {
        first = lasted();
        metrics.firstToken(model, first);
    }

    @Override
    public void ended(Reply reply, String outcome) {
        Future<?> set = alarm;
        if (set != null) {
            set.cancel(false);
        }
        running.remove(reply);
        Duration lasted = lasted();
        metrics.ended(model, outcome, reply.usage(), lasted, lasted.minus(first));
    }

    private Duration lasted() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
