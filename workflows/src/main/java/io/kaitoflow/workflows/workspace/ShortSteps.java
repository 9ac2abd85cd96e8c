package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.util.function.Supplier;

/**
 * Steps that take a moment are tried at once by the worker that holds the run, within the same workflow task: an activity costs
 * the server four writes, so a machine is asked for several times sooner. What does not succeed at once goes the long way, with all
 * its retries; every step is idempotent, so it does no harm twice.
 */
final class ShortSteps {

    private static final String MARKER = "short-steps";

    private final NodeActivities nodesHere =
            Workflow.newLocalActivityStub(NodeActivities.class, ActivityPolicies.atOnce());
    private final PreflightActivities preflightHere =
            Workflow.newLocalActivityStub(PreflightActivities.class, ActivityPolicies.atOnce());
    private final StatusActivities statusHere =
            Workflow.newLocalActivityStub(StatusActivities.class, ActivityPolicies.atOnce());
    private final boolean allowed;
    private boolean taken;
    private int underWay;

    /** @param allowed false for the in-process server, which loses a workflow task when a signal meets a local activity */
    ShortSteps(boolean allowed) {
        this.allowed = allowed;
    }

    /** Finds out how this run began. Asked once and at its start: the question itself lets other threads of the run go on. */
    void decide() {
        taken = allowed && Workflow.getVersion(MARKER, Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** Whether steps are taken at once in this run. */
    boolean taken() {
        return taken;
    }

    /** Whether a step is being tried at once; the phase it belongs to is over before anyone could read it. */
    boolean busy() {
        return underWay > 0;
    }

    NodeLease claim(NodeRequest request) {
        return first(() -> nodesHere.claim(request), () -> nodes().claim(request));
    }

    NodeLease observe(NodeRequest request) {
        return first(() -> nodesHere.observe(request), () -> nodes().observe(request));
    }

    /** Where there is data to look at, or a volume to look into, the look takes long. */
    PreflightReport inspect(PreflightActivities.Input input) {
        WorkspaceGoal goal = input.request().goal();
        return goal.tuning().isPresent() || goal.servesFromVolumes()
                ? preflight().inspect(input)
                : first(() -> preflightHere.inspect(input), () -> preflight().inspect(input));
    }

    /** Only one replica shows statuses; where this is another, it is asked. */
    void publish(WorkspaceSnapshot snapshot) {
        first(
                () -> {
                    statusHere.publish(snapshot);
                    return snapshot;
                },
                () -> {
                    status().publish(snapshot);
                    return snapshot;
                });
    }

    private <T> T first(Supplier<T> here, Supplier<T> otherwise) {
        if (!taken) {
            return otherwise.get();
        }
        try {
            return uninterrupted(here);
        } catch (ActivityFailure thrown) {
            if (decided(Failure.of(thrown, FailureKind.INTERNAL).kind())) {
                throw thrown;
            }
            return otherwise.get();
        }
    }

    /** A cancelled local activity may still run on; what it did afterwards would be given back by nobody. */
    private <T> T uninterrupted(Supplier<T> step) {
        CompletablePromise<T> done = Workflow.newPromise();
        CancellationScope scope = Workflow.newDetachedCancellationScope(() -> done.complete(step.get()));
        underWay++;
        try {
            scope.run();
            return done.get();
        } finally {
            underWay--;
        }
    }

    private static boolean decided(FailureKind kind) {
        return !kind.retryable() || kind == FailureKind.CAPACITY_MISSING || kind == FailureKind.NODE_NOT_READY;
    }

    private static NodeActivities nodes() {
        return Workflow.newActivityStub(NodeActivities.class, ActivityPolicies.claim());
    }

    private static PreflightActivities preflight() {
        return Workflow.newActivityStub(PreflightActivities.class, ActivityPolicies.preflight());
    }

    private static StatusActivities status() {
        return Workflow.newActivityStub(StatusActivities.class, ActivityPolicies.publish());
    }
}
