package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one writer of statuses: always the whole, the latest wins, at most one write per object and pace, and none when nothing
 * changed. Writes only while it is active, that is in the replica that holds the lease.
 */
public final class StatusWriter implements AutoCloseable {

    /** Between two writes to the same object. */
    private static final Duration PACE = Duration.ofSeconds(2);

    /** Before the first: the phases before provisioning last milliseconds and need no write each. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final StatusBoard board;
    private final StatusSink sink;
    private final Announcer announcer;
    private final StatusRenderer renderer = new StatusRenderer();
    private final Clock clock;
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();
    private final GivingWay writes = new GivingWay("status");
    private final GivingWay events = new GivingWay("events");
    private volatile boolean active;

    /** When an object was written last, by a clock that nobody sets back, and whether its next write waits already. */
    private static final class Turn {
        private final AtomicBoolean waiting = new AtomicBoolean();
        private volatile long earliest = System.nanoTime() + PATIENCE.toNanos();
    }

    public StatusWriter(StatusBoard board, KubernetesClient client, Announcer announcer, Clock clock) {
        this(board, new ClusterStatus(client), announcer, clock);
    }

    StatusWriter(StatusBoard board, StatusSink sink, Announcer announcer, Clock clock) {
        this.board = board;
        this.sink = sink;
        this.announcer = announcer;
        this.clock = clock;
        board.listen(this::wake);
    }

    /** Writes from now on, first of all what changed meanwhile. */
    public void activate() {
        active = true;
        board.all().forEach(standing -> wake(standing.id()));
    }

    public void deactivate() {
        active = false;
    }

    private void wake(WorkspaceId id) {
        if (!active) {
            return;
        }
        Turn turn = turns.computeIfAbsent(id.uid(), uid -> new Turn());
        if (turn.waiting.compareAndSet(false, true)) {
            writes.schedule(() -> write(id, turn), Duration.ofNanos(turn.earliest - System.nanoTime()));
        }
    }

    private void write(WorkspaceId id, Turn turn) {
        turn.waiting.set(false);
        Optional<Standing> standing = board.find(id).filter(Standing::sayable);
        if (!active || standing.isEmpty()) {
            return;
        }
        WorkspaceStatus status = renderer.render(StatusView.of(standing.get(), clock.instant()));
        if (standing.get().shown().filter(status::equals).isPresent()) {
            return;
        }
        turn.earliest = System.nanoTime() + PACE.toNanos();
        switch (sink.write(id, standing.get().version(), status)) {
            case WRITTEN -> written(standing.get(), status);
            case GONE -> forget(id);
            case AGAIN -> wake(id);
        }
    }

    private void written(Standing before, WorkspaceStatus status) {
        board.shown(before.id(), status);
        Announcements.of(before, status)
                .forEach(news -> events.schedule(() -> announcer.announce(before.id(), news), Duration.ZERO));
    }

    private void forget(WorkspaceId id) {
        board.forget(id);
        turns.remove(id.uid());
    }

    @Override
    public void close() {
        active = false;
        writes.close();
        events.close();
    }
}
