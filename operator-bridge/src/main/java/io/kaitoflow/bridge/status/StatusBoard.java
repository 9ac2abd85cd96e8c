package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Owed;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What is known of each workspace, from the object, the workflow and the heartbeats; forgotten with the object. Keyed by uid, so a
 * namesake is never taken for its predecessor. Whoever listens is told who changed.
 */
public final class StatusBoard {

    private final Map<String, Standing> standings = new ConcurrentHashMap<>();
    private final List<Consumer<WorkspaceId>> listeners = new CopyOnWriteArrayList<>();
    private volatile Function<WorkspaceId, Optional<Failure>> servers = id -> Optional.empty();

    /** @param trouble says what is wrong with a workspace's server now; asked often, so it must not wait */
    public void watchServers(Function<WorkspaceId, Optional<Failure>> trouble) {
        servers = trouble;
    }

    /** @param listener is told after each change; it must not wait */
    public void listen(Consumer<WorkspaceId> listener) {
        listeners.add(listener);
    }

    /** The newest object was translated. */
    public void judged(Workspace workspace, String fingerprint, Translation verdict) {
        wish(workspace, fingerprint, Optional.of(verdict));
    }

    /** The newest object is being deleted. */
    public void seen(Workspace workspace) {
        String fingerprint = new ObservedWorkspace(workspace, ReferencedObjects.none()).fingerprint();
        wish(workspace, fingerprint, Optional.empty());
    }

    private void wish(Workspace workspace, String fingerprint, Optional<Translation> verdict) {
        long generation = Objects.requireNonNullElse(workspace.getMetadata().getGeneration(), 0L);
        long version = ObservedWorkspace.numericVersion(workspace);
        Optional<WorkspaceStatus> status = Optional.ofNullable(workspace.getStatus());
        boolean begun = status.map(WorkspaceStatus::workflowId).isPresent();
        Standing.Wish newest = new Standing.Wish(version, generation, fingerprint, verdict, begun);
        change(WorkspaceTranslator.idOf(workspace), standing -> standing.wishing(newest, status));
    }

    /** The workflow said where it stands. */
    public void told(WorkspaceSnapshot snapshot) {
        change(snapshot.id(), standing -> standing.told(snapshot).lookedAt(servers));
    }

    /** Something happened to the workspace's server. */
    public void lookAtServer(WorkspaceId id) {
        if (find(id).filter(Standing::hasServer).isPresent()) {
            change(id, standing -> standing.lookedAt(servers));
        }
    }

    /** A heartbeat said how far the step is. */
    void progressing(WorkspaceId id, TuningProgress progress) {
        change(id, standing -> standing.progressing(progress));
    }

    void shown(WorkspaceId id, WorkspaceStatus written) {
        standings.computeIfPresent(id.uid(), (uid, standing) -> standing.showing(written));
    }

    /** Nobody works on the workspace any more; what its run said last counts no more. */
    public void runIsGone(WorkspaceId id) {
        if (find(id).isPresent()) {
            change(id, Standing::withoutRun);
        }
    }

    /**
     * Whether a run is to work on it: on what can be acted on, and on what could be before its newest edit, unless that run was found
     * to be gone.
     */
    public boolean expectsRun(WorkspaceId id) {
        return find(id).filter(Standing::expectsRun).isPresent();
    }

    /** Another replica heard the runs and wrote the statuses meanwhile: what was heard and shown here counts no more. */
    public void beginAnew() {
        standings.replaceAll((uid, standing) -> standing.wishOnly());
    }

    /** Whether nothing of the workspace is left. */
    public boolean released(WorkspaceId id) {
        return find(id).filter(Standing::released).isPresent();
    }

    /** Whether the workflow said last that it waits for somebody and holds nothing. */
    public boolean restsWithoutMachine(WorkspaceId id) {
        return find(id).filter(Standing::restsWithoutMachine).isPresent();
    }

    /** Whether the newest wish could be acted on. */
    public boolean accepted(WorkspaceId id) {
        return find(id).filter(Standing::accepted).isPresent();
    }

    /** What the workflow said last is still to be given back, one sentence each. */
    public List<String> leftOf(WorkspaceId id) {
        return find(id).flatMap(Standing::snapshot).map(WorkspaceSnapshot::owed).stream()
                .flatMap(List::stream)
                .map(Owed::sentence)
                .toList();
    }

    /**
     * Time costs money where a machine is leased: whoever listens is told as if those had changed. Servers are looked at again, should
     * a watch have missed something.
     */
    public void tick() {
        all().forEach(standing -> lookAtServer(standing.id()));
        all().stream()
                .filter(Standing::costing)
                .forEach(standing -> listeners.forEach(listener -> listener.accept(standing.id())));
    }

    /** What the runs said last, all together. */
    public BoardFigures figures(Instant now) {
        return BoardFigures.of(
                all().stream().flatMap(standing -> standing.snapshot().stream()).toList(), now);
    }

    /** Everything that something is known of. */
    public Set<WorkspaceId> known() {
        return all().stream().map(Standing::id).collect(Collectors.toSet());
    }

    /**
     * Forgets everything about objects that are gone.
     *
     * @param known before the objects were listed: who came since is in no list, and is not gone
     * @param existing the objects that were listed
     */
    public void forgetGone(Collection<WorkspaceId> known, Collection<WorkspaceId> existing) {
        known.stream().filter(id -> !existing.contains(id)).forEach(this::forget);
    }

    void forget(WorkspaceId id) {
        standings.remove(id.uid());
    }

    Optional<Standing> find(WorkspaceId id) {
        return Optional.ofNullable(standings.get(id.uid()));
    }

    List<Standing> all() {
        return List.copyOf(standings.values());
    }

    private void change(WorkspaceId id, UnaryOperator<Standing> change) {
        Standing before = standings.get(id.uid());
        Standing after = standings.compute(
                id.uid(), (uid, standing) -> change.apply(standing == null ? Standing.unknown(id) : standing));
        if (!after.equals(before)) {
            listeners.forEach(listener -> listener.accept(id));
        }
    }
}
