package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.status.Phase;
import io.temporal.workflow.Workflow;

/** The phase, shown wherever people look: current details in the Web UI, a search attribute, the status. */
final class PhaseBoard {

    private final boolean searchable;
    private Phase phase;
    private long changes;

    PhaseBoard(Phase phase, boolean searchable) {
        this.phase = phase;
        this.searchable = searchable;
    }

    Phase phase() {
        return phase;
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
        phase = next;
        changes++;
        show();
    }

    /** The phase is the same, but it answers another wish now. */
    void confirm() {
        changes++;
    }

    private void show() {
        Workflow.setCurrentDetails("**" + phase.label() + "**: " + phase.explanation());
        if (searchable) {
            Workflow.upsertTypedSearchAttributes(WorkspaceSearchAttributes.PHASE.valueSet(phase.label()));
        }
    }
}
