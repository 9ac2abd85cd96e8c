package io.kaitoflow.activities.rollout.cluster.trouble;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells an outage from a probe that was late once: a server that nothing is known against is given a moment. */
public final class Outages implements AutoCloseable {

    private final Duration moment;
    private final Consumer<WorkspaceId> over;
    private final Map<String, Long> since = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("server-outages").daemon().factory());

    /** @param over is told when the moment is over; it must not wait */
    public Outages(Duration moment, Consumer<WorkspaceId> over) {
        this.moment = moment;
        this.over = over;
    }

    /** What is seen, once it lasts or where there is evidence. */
    public Optional<ServerSight> lasting(WorkspaceId id, Optional<ServerSight> sight) {
        if (sight.isEmpty()) {
            since.remove(id.uid());
            return sight;
        }
        long now = System.nanoTime();
        Long before = since.putIfAbsent(id.uid(), now);
        if (before == null) {
            lookAgain(id);
        }
        Duration lasted = Duration.ofNanos(before == null ? 0 : now - before);
        return sight.filter(seen -> seen.proven() || seen.lasts(moment) || lasted.compareTo(moment) >= 0);
    }

    private void lookAgain(WorkspaceId id) {
        if (!thread.isShutdown()) {
            var unused = thread.schedule(() -> over.accept(id), moment.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
