package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of one workspace.
 *
 * @param id whose
 * @param wish what the newest object asks for; empty until it was read
 * @param snapshot the workflow's last word
 * @param progress of the step that runs, read beside history
 * @param trouble what is wrong with its server now, where it has one
 * @param shown the status that users see now
 */
record Standing(
        WorkspaceId id,
        Optional<Wish> wish,
        Optional<WorkspaceSnapshot> snapshot,
        Optional<TuningProgress> progress,
        Optional<Failure> trouble,
        Optional<WorkspaceStatus> shown) {

    /**
     * The newest object as it was judged.
     *
     * @param version of the object
     * @param generation of the object
     * @param fingerprint of the wish in it
     * @param verdict what became of it; empty when the object is being deleted
     */
    record Wish(long version, long generation, String fingerprint, Optional<Translation> verdict) {

        /** Why nothing can be done about it; empty when something can. */
        Optional<Translation> objection() {
            return verdict.filter(judged -> !(judged instanceof Translation.Accepted));
        }
    }

    static Standing unknown(WorkspaceId id) {
        return new Standing(
                id, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    Standing wishing(Wish newest, Optional<WorkspaceStatus> seen) {
        return new Standing(id, Optional.of(newest), snapshot, progress, trouble, shown.isPresent() ? shown : seen);
    }

    /** The latest word wins; progress belongs to the phase in which it was read. */
    Standing told(WorkspaceSnapshot word) {
        boolean samePhase = snapshot.map(WorkspaceSnapshot::phase)
                .filter(word.phase()::equals)
                .isPresent();
        return new Standing(id, wish, Optional.of(word), samePhase ? progress : Optional.empty(), trouble, shown);
    }

    Standing progressing(TuningProgress seen) {
        return new Standing(id, wish, snapshot, Optional.of(seen), trouble, shown);
    }

    /** A look at its server; where the run has none nobody is to be told of it. */
    Standing lookedAt(Function<WorkspaceId, Optional<Failure>> servers) {
        Optional<Failure> seen = hasServer() ? servers.apply(id) : Optional.empty();
        return new Standing(id, wish, snapshot, progress, seen, shown);
    }

    boolean hasServer() {
        return snapshot.flatMap(WorkspaceSnapshot::endpoint).isPresent();
    }

    Standing showing(WorkspaceStatus written) {
        return new Standing(id, wish, snapshot, progress, trouble, Optional.of(written));
    }

    /** Nobody works on it any more, so its last word counts no more. */
    Standing withoutRun() {
        return new Standing(id, wish, Optional.empty(), Optional.empty(), Optional.empty(), shown);
    }

    /** All that an object says by itself. */
    Standing wishOnly() {
        return new Standing(id, wish, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Of the object when it was read last. */
    long version() {
        return wish.map(Wish::version).orElse(0L);
    }

    boolean deleting() {
        return wish.filter(newest -> newest.verdict().isEmpty()).isPresent();
    }

    boolean released() {
        return snapshot.filter(word -> word.phase() instanceof Phase.Released).isPresent();
    }

    /** Whether a machine of it costs something now. */
    boolean costing() {
        return snapshot.flatMap(WorkspaceSnapshot::account)
                .filter(account -> account.spending().hourlyUsd().isPresent())
                .isPresent();
    }

    /** Whoever waits has given everything back, but for a model that answers. */
    boolean restsWithoutMachine() {
        return snapshot.map(WorkspaceSnapshot::phase)
                .filter(phase -> phase.waiting() && !(phase instanceof Phase.Serving))
                .isPresent();
    }

    boolean accepted() {
        return wish.filter(newest -> newest.objection().isEmpty()).isPresent();
    }

    /** Whether there is an object to write to, and something to say about it. */
    boolean sayable() {
        return wish.map(newest -> snapshot.isPresent() || newest.objection().isPresent())
                .orElse(false);
    }

    /**
     * The generation that the status answers: the newest one when it was refused, or when the workflow works on exactly that;
     * else the one that was answered before.
     */
    long answeredGeneration() {
        Wish newest = wish.orElseThrow();
        boolean answered = newest.objection().isPresent()
                || snapshot.filter(word -> word.fingerprint().equals(newest.fingerprint()))
                        .isPresent();
        return answered
                ? newest.generation()
                : shown.map(WorkspaceStatus::observedGeneration).orElse(0L);
    }
}
