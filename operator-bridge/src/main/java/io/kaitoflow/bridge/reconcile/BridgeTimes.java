package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** How long it takes until a wish that was noticed is told to its run. */
public final class BridgeTimes {

    private final LongSupplier nanos;
    private final Consumer<Duration> lags;
    private final Consumer<Duration> reconciliations;
    private final Map<String, Long> noticed = new ConcurrentHashMap<>();

    /**
     * @param lags is told how long each wish that was told had waited since it was noticed
     * @param reconciliations is told how long each look at a workspace took
     */
    public BridgeTimes(Consumer<Duration> lags, Consumer<Duration> reconciliations) {
        this(System::nanoTime, lags, reconciliations);
    }

    BridgeTimes(LongSupplier nanos, Consumer<Duration> lags, Consumer<Duration> reconciliations) {
        this.nanos = nanos;
        this.lags = lags;
        this.reconciliations = reconciliations;
    }

    /** Nobody is told. */
    static BridgeTimes unheard() {
        return new BridgeTimes(lag -> {}, took -> {});
    }

    /** How long the wish that waits longest has waited; zero while none does. */
    public Duration longestWait() {
        long now = nanos.getAsLong();
        return noticed.values().stream()
                .map(since -> Duration.ofNanos(now - since))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** The first time counts until the wish is told. */
    void noticed(String uid) {
        noticed.putIfAbsent(uid, nanos.getAsLong());
    }

    /** Told, or nothing to tell. */
    void settled(WorkspaceId id, boolean told) {
        Long since = noticed.remove(id.uid());
        if (since != null && told) {
            lags.accept(Duration.ofNanos(nanos.getAsLong() - since));
        }
    }

    /** The uids of those whose wish waits. */
    Set<String> waiting() {
        return Set.copyOf(noticed.keySet());
    }

    /**
     * Nobody tells the wish of an object that is gone.
     *
     * @param waiting before the objects were listed
     * @param existing the objects that were listed
     */
    void forgetGone(Set<String> waiting, Collection<WorkspaceId> existing) {
        Set<String> uids = existing.stream().map(WorkspaceId::uid).collect(Collectors.toSet());
        waiting.stream().filter(uid -> !uids.contains(uid)).forEach(noticed::remove);
    }

    /** Measures one look at a workspace, however it ends. */
    void reconciling(Runnable look) {
        long begin = nanos.getAsLong();
        try {
            look.run();
        } finally {
            reconciliations.accept(Duration.ofNanos(nanos.getAsLong() - begin));
        }
    }
}
