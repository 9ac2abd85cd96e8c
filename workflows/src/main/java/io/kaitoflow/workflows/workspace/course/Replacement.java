package io.kaitoflow.workflows.workspace.course;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether a machine is asked for in the place of one that was lost. Where none can be had all kinds are asked for again, after pauses
 * that grow: whoever had a machine wants one again, whenever that is. A first machine that cannot be had fails instead: somebody has
 * just asked for it, and reads the answer.
 */
public final class Replacement {

    private final Ledger ledger;
    private final Duration first;
    private final Duration longest;

    /**
     * What is replaced is in the ledger, as it outlives a run.
     *
     * @param first pause; each next one is twice as long
     * @param longest of all pauses
     */
    public Replacement(Ledger ledger, Duration first, Duration longest) {
        this.ledger = ledger;
        this.first = first;
        this.longest = longest;
    }

    /** A machine was lost. */
    public void want() {
        ledger.replace(true);
    }

    /** There is one again, or none is asked for any more. */
    public void over() {
        ledger.replace(false);
    }

    /**
     * For how long all kinds are left alone before they are asked for again; empty where nothing is replaced, or where time does not
     * help.
     *
     * @param refusals of all kinds
     * @param rounds in vain before this one
     */
    public Optional<Duration> pause(List<Failure> refusals, int rounds) {
        boolean waits = ledger.replaces() && refusals.stream().anyMatch(Replacement::mayPass) && waits();
        Duration pause = first.multipliedBy(1L << Math.min(rounds, Byte.SIZE));
        return waits ? Optional.of(pause.compareTo(longest) < 0 ? pause : longest) : Optional.empty();
    }

    /** What others give back, or a person grants, may be had later. */
    private static boolean mayPass(Failure refusal) {
        return switch (refusal.kind()) {
            case CAPACITY_MISSING, QUOTA_EXCEEDED, NODE_NOT_READY -> true;
            default -> false;
        };
    }

    /** Asked when none can be had; runs that failed there before this fail there. */
    private static boolean waits() {
        return Workflow.getVersion("replacement-waits", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }
}
