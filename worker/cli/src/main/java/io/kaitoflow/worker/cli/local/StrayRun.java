package io.kaitoflow.worker.cli.local;

import io.kaitoflow.bridge.reconcile.TemporalGateway.OpenRun;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open run of a workspace through whose task queue others' work may come, so that this command does not ask there: an earlier
 * release had one queue for all runs, a cluster's too. One of this home is closed as it stands, and another goes on with what it left.
 *
 * @param home of the workspace
 * @param id of the workspace
 */
public record StrayRun(LocalHome home, WorkspaceId id) {

    private static final Logger LOG = LoggerFactory.getLogger(StrayRun.class);

    /**
     * Closes it, if there is one.
     *
     * @param keeper of this workspace's runs
     * @return where it stood, as far as that is known; empty where there was none
     * @throws CommandFailure when it is another home's
     */
    public Optional<Phase> end(LocalRuntime runtime, RunKeeper keeper) {
        Optional<OpenRun> stray =
                runtime.client().open(id).filter(run -> !run.queue().equals(runtime.queue()));
        stray.ifPresent(run -> end(run, runtime, keeper));
        return stray.map(run -> last().map(WorkspaceSnapshot::phase).orElseGet(Phase.Accepted::new));
    }

    /** The wish for the run after it: what was paused stays so until somebody resumes it. */
    public static DesiredState wishAfter(Phase stood, DesiredState wish) {
        if (!(stood instanceof Phase.Paused paused)) {
            return wish;
        }
        Verb pause = new Verb(Verb.Action.PAUSE, wish.orderingVersion(), paused.reason());
        return new DesiredState(
                wish.fingerprint(),
                wish.orderingVersion(),
                wish.request(),
                Stream.concat(wish.verbs().stream(), Stream.of(pause)).toList(),
                wish.earlier(),
                wish.reading());
    }

    private void end(OpenRun run, LocalRuntime runtime, RunKeeper keeper) {
        // A home's own server has no other's runs.
        if (keeper == RunKeeper.GIVEN && !isOurs(run)) {
            throw another(run, runtime);
        }
        LOG.info("The run {} of queue {} is closed; another goes on through {}", id, run.queue(), runtime.queue());
        runtime.client().terminate(id, run, "It goes on as another run, through the task queue " + runtime.queue());
    }

    private boolean isOurs(OpenRun run) {
        return last().flatMap(WorkspaceSnapshot::runId).equals(Optional.of(run.runId()));
    }

    private Optional<WorkspaceSnapshot> last() {
        return new StatusFile(home).find(id.namespace(), id.name());
    }

    private CommandFailure another(OpenRun run, LocalRuntime runtime) {
        return new CommandFailure(
                ExitCode.REFUSED,
                "A run of workspace " + id.namespace() + "/" + id.name() + " is open at "
                        + runtime.address().target() + " that this home did not start (task queue " + run.queue()
                        + "). Give this workspace another name, or end that run where it was started, with: kaitoflow"
                        + " delete " + id.name() + "; if that home is lost, with: temporal workflow terminate"
                        + " --workflow-id " + id.workflowId());
    }
}
