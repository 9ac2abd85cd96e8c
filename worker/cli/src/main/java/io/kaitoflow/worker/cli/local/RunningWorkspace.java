package io.kaitoflow.worker.cli.local;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.ProgressDisplay;
import io.kaitoflow.worker.control.WorkspaceClient;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One workspace of this command, from its wish to the moment nothing of it is left. */
public final class RunningWorkspace {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final Duration GIVE_BACK_LIMIT = Duration.ofSeconds(60);

    private final WorkspaceClient client;
    private final WorkspaceId id;
    private final DesiredState wish;
    private final AtomicBoolean givenBack = new AtomicBoolean();

    /** @param wish what is told to its workflow */
    public RunningWorkspace(WorkspaceClient client, WorkspaceId id, DesiredState wish) {
        this.client = client;
        this.id = id;
        this.wish = wish;
    }

    /** Tells the wish; a run that had failed or was paused before is told to try again. */
    public void start() {
        boolean known = client.running(id);
        client.desire(id, wish);
        if (known && stuck(client.snapshot(id).phase())) {
            client.order(id, new Verb(Verb.Action.RETRY, wish.orderingVersion(), "run again"));
        }
    }

    /**
     * Shows phases and progress until nothing happens by itself any more; a pause is waited through, for its end comes from outside.
     *
     * @param phases is told the phase at each look, too
     */
    public WorkspaceSnapshot follow(ProgressDisplay display, Consumer<Phase> phases) {
        while (true) {
            WorkspaceSnapshot now = client.snapshot(id);
            display.phase(now.phase());
            phases.accept(now.phase());
            if (now.phase().waiting() && !(now.phase() instanceof Phase.Paused)) {
                return now;
            }
            client.progress(id).ifPresent(display::progress);
            pause();
        }
    }

    /** Asks for deletion and waits until nothing is left; a second call does nothing. */
    public void giveBack() {
        if (!givenBack.compareAndSet(false, true) || !client.running(id)) {
            return;
        }
        client.desire(id, deletion());
        long end = System.nanoTime() + GIVE_BACK_LIMIT.toNanos();
        while (client.running(id)) {
            if (System.nanoTime() > end) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "Workspace " + id.name() + " was not given back within " + GIVE_BACK_LIMIT.toSeconds()
                                + " s; its processes end with this command.");
            }
            pause();
        }
    }

    private DesiredState deletion() {
        return new DesiredState(
                wish.fingerprint() + "-deleted", wish.orderingVersion() + 1, Optional.empty(), List.of());
    }

    private static boolean stuck(Phase phase) {
        return phase instanceof Phase.Failed || phase instanceof Phase.Cancelled;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.");
        }
    }
}
