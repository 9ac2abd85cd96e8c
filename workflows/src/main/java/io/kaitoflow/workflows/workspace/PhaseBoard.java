package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.status.Phase;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The phase, shown wherever people look: current details in the Web UI, a search attribute, the status. */
final class PhaseBoard {

    private static final int REMEMBERED = 12;

    private final boolean searchable;
    private final ShortSteps steps;
    private final Deque<Phase> passed = new ArrayDeque<>();
    private Phase phase;
    private long changes;
    private @Nullable String objection;

    PhaseBoard(Phase phase, boolean searchable, ShortSteps steps) {
        this.phase = phase;
        this.searchable = searchable;
        this.steps = steps;
    }

    Phase phase() {
        return phase;
    }

    /** The run's own time. */
    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    /** The phases before this one, oldest first; the last few. */
    List<Phase> passed() {
        return List.copyOf(passed);
    }

    /** How often there was something new to show in this run. */
    long changes() {
        return changes;
    }

    /** Enters a phase; entering the one that already is does nothing. */
    void enter(Phase next) {
        if (next.equals(phase)) {
            return;
        }
        if (!phase.mayBecome(next)) {
            throw new IllegalStateException("A run cannot go from " + phase.label() + " to " + next.label());
        }
        remember(phase);
        phase = next;
        objection = null;
        changes++;
        if (!steps.taken()) {
            show();
        }
    }

    /** The phase is the same, but it answers another wish now. */
    void confirm() {
        changes++;
    }

    /** Something was sent that means nothing; people see why. */
    void object(String sentence) {
        objection = sentence;
        changes++;
    }

    /** Why the last thing that was sent means nothing, if it did since the last phase began. */
    Optional<String> objection() {
        return Optional.ofNullable(objection);
    }

    private void remember(Phase left) {
        passed.addLast(left);
        if (passed.size() > REMEMBERED) {
            passed.removeFirst();
        }
    }

    /** Shows the phase before it is published; one that is over by then is not shown, for each showing is a write. */
    void showLate() {
        if (steps.taken()) {
            show();
        }
    }

    private void show() {
        Workflow.setCurrentDetails(phase.details());
        if (searchable) {
            Workflow.upsertTypedSearchAttributes(shown());
        }
    }

    private SearchAttributeUpdate<?>[] shown() {
        SearchAttributeUpdate<String> label = WorkspaceSearchAttributes.PHASE.valueSet(phase.label());
        return phase instanceof Phase.Provisioning(String instanceType, String _)
                ? new SearchAttributeUpdate<?>[] {label, WorkspaceSearchAttributes.INSTANCE_TYPE.valueSet(instanceType)}
                : new SearchAttributeUpdate<?>[] {label};
    }
}
