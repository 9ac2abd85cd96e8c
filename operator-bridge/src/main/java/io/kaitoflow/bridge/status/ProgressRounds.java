package io.kaitoflow.bridge.status;

import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a round finds out by asking: the progress of steps that take long, and the last word of runs that spoke while nobody
 * listened. Runs that speak for themselves are not asked.
 */
public final class ProgressRounds {

    private final StatusBoard board;
    private final Function<WorkspaceId, Optional<TuningProgress>> progress;
    private final Function<WorkspaceId, Optional<WorkspaceSnapshot>> lastWord;
    private final Predicate<WorkspaceId> running;
    private Set<String> silentBefore = Set.of();

    /**
     * @param progress of the running step
     * @param lastWord of the run
     * @param running whether there is a run
     */
    public ProgressRounds(
            StatusBoard board,
            Function<WorkspaceId, Optional<TuningProgress>> progress,
            Function<WorkspaceId, Optional<WorkspaceSnapshot>> lastWord,
            Predicate<WorkspaceId> running) {
        this.board = board;
        this.progress = progress;
        this.lastWord = lastWord;
        this.running = running;
    }

    /** One round; whoever was silent in the round before and still is, is asked. */
    public void go() {
        List<Standing> all = board.all();
        all.stream()
                .filter(ProgressRounds::reports)
                .forEach(standing ->
                        progress.apply(standing.id()).ifPresent(seen -> board.progressing(standing.id(), seen)));
        List<Standing> silent = all.stream().filter(Standing::silent).toList();
        silent.stream()
                .map(Standing::id)
                .filter(id -> silentBefore.contains(id.uid()))
                .forEach(this::ask);
        silentBefore =
                silent.stream().map(standing -> standing.id().uid()).collect(Collectors.toCollection(HashSet::new));
    }

    /** What cannot be told to a run that is gone has none until it is mended; whatever else has none is missed by the roll call. */
    private void ask(WorkspaceId id) {
        if (board.accepted(id) || running.test(id)) {
            lastWord.apply(id).ifPresent(board::told);
        } else {
            board.runIsGone(id);
        }
    }

    private static boolean reports(Standing standing) {
        return standing.snapshot()
                .map(word -> switch (word.phase()) {
                    case Phase.Provisioning(String _, String reason) -> reason.equals(Phase.Provisioning.TUNER_STARTS);
                    case Phase.Preflight _, Phase.RollingOut _ -> true;
                    case Phase.Fetching _, Phase.Tuning _, Phase.Evaluating _, Phase.Publishing _ -> true;
                    default -> false;
                })
                .orElse(false);
    }
}
