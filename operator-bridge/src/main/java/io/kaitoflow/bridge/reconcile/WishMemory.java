package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What this process has told each run, so that an equal wish is not told again: every signal grows a history. After an hour it is
 * told all the same, which heals whatever another replica or a restored database made of it.
 */
final class WishMemory {

    private static final Duration TRUSTED = Duration.ofHours(1);

    private record Told(DesiredState state, long atNanos) {}

    private final Map<String, Told> byUid = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /** @param nanos a clock that nobody sets back */
    WishMemory(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a wish says something that this process has not told yet; one older than what it told does not. */
    boolean news(WorkspaceId id, DesiredState state) {
        Told told = byUid.get(id.uid());
        if (told == null || nanos.getAsLong() - told.atNanos() > TRUSTED.toNanos()) {
            return true;
        }
        return !told.state().newerThan(state)
                && !state.fingerprint().equals(told.state().fingerprint());
    }

    /** Notes that a wish was told; an equal one read later counts from then on. */
    void told(WorkspaceId id, DesiredState state) {
        byUid.put(id.uid(), new Told(state, nanos.getAsLong()));
    }

    /** A wish that is no news was read again: whatever is older than this reading is stale. */
    void seen(WorkspaceId id, DesiredState state) {
        byUid.computeIfPresent(
                id.uid(),
                (uid, told) -> state.fingerprint().equals(told.state().fingerprint()) && state.newerThan(told.state())
                        ? new Told(state, told.atNanos())
                        : told);
    }

    /** The next wish is news whatever it says: there is no run that knows the last one. */
    void forget(WorkspaceId id) {
        byUid.remove(id.uid());
    }
}
