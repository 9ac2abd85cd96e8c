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
 * @param runless whether it was asked and found that no run works on it
 */
record Standing(
        WorkspaceId id,
        Optional<Wish> wish,
        Optional<WorkspaceSnapshot> snapshot,
        Optional<TuningProgress> progress,
        Optional<Failure> trouble,
        Optional<WorkspaceStatus> shown,
        boolean runless) {

    /**
     * The newest object as it was judged.
     *
     * @param version of the object
     * @param generation of the object
     * @param fingerprint of the wish in it
     * @param verdict what became of it; empty when the object is being deleted
     * @param begun whether the object's status names a run, of an earlier wish maybe
     */
    record Wish(long version, long generation, String fingerprint, Optional<Translation> verdict, boolean begun) {

        /** Why nothing can be done about it; empty when something can. */
        Optional<Translation> objection() {
            return verdict.filter(judged -> !(judged instanceof Translation.Accepted));
        }
    }

    static Standing unknown(WorkspaceId id) {
        return new Standing(
                id, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    Standing wishing(Wish newest, Optional<WorkspaceStatus> seen) {
        boolean stillRunless = runless && newest.objection().isPresent();
        return new Standing(
                id, Optional.of(newest), snapshot, progress, trouble, shown.isPresent() ? shown : seen, stillRunless);
    }

    /** The latest word wins; progress belongs to the phase in which it was read. */
    Standing told(WorkspaceSnapshot word) {
        boolean samePhase = snapshot.map(WorkspaceSnapshot::phase)
                .filter(word.phase()::equals)
                .isPresent();
        return new Standing(
                id, wish, Optional.of(word), samePhase ? progress : Optional.empty(), trouble, shown, false);
    }

    Standing progressing(TuningProgress seen) {
        return new Standing(id, wish, snapshot, Optional.of(seen), trouble, shown, runless);
    }

    /** A look at its server; where the run has none nobody is to be told of it. */
    Standing lookedAt(Function<WorkspaceId, Optional<Failure>> servers) {
        Optional<Failure> seen = hasServer() ? servers.apply(id) : Optional.empty();
        return new Standing(id, wish, snapshot, progress, seen, shown, runless);
    }

    boolean hasServer() {
        return snapshot.flatMap(WorkspaceSnapshot::endpoint).isPresent();
    }

    Standing showing(WorkspaceStatus written) {
        return new Standing(id, wish, snapshot, progress, trouble, Optional.of(written), runless);
    }

    /** Nobody works on it any more, so its last word counts no more. */
    Standing withoutRun() {
        return new Standing(id, wish, Optional.empty(), Optional.empty(), Optional.empty(), shown, true);
    }

    /** All that an object says by itself. */
    Standing wishOnly() {
        return new Standing(id, wish, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
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

    boolean expectsRun() {
        return accepted()
                || !runless && (snapshot.isPresent() || wish.filter(Wish::begun).isPresent());
    }

    /** Whether a run may work on it that has not said a word here. */
    boolean silent() {
        return wish.isPresent() && snapshot.isEmpty() && (accepted() || !runless);
    }

    /**
     * Whether there is an object to write to, and something to say about it. An objection alone is no status of a workspace on which
     * an earlier wish's run works.
     */
    boolean sayable() {
        return wish.filter(newest ->
                        snapshot.isPresent() || newest.objection().isPresent() && (runless || !newest.begun()))
                .isPresent();
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
