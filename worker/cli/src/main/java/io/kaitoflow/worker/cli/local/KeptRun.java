package io.kaitoflow.worker.cli.local;

import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.control.WorkspaceClient;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that outlived the command that ran it.
 *
 * @param home of the workspace
 * @param id of the workspace
 * @param runner tells who keeps the run
 */
public record KeptRun(LocalHome home, WorkspaceId id, RunnerFile runner) {

    private static final Logger LOG = LoggerFactory.getLogger(KeptRun.class);

    /**
     * Has it give everything back and end; where there is none, nothing happens.
     *
     * @throws CommandFailure when its server does not answer
     */
    public void end() {
        switch (runner.keeper()) {
            case COMMAND -> {}
            case HOME -> endAt(TemporalServer.choose(Optional.empty(), home.temporal()), RunKeeper.HOME);
            case GIVEN -> endAt(TemporalServer.choose(runner.temporal(), home.temporal()), RunKeeper.GIVEN);
        }
    }

    private void endAt(TemporalServer server, RunKeeper keeper) {
        if (!server.durable()) {
            server.close();
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "The run of " + id.namespace() + "/" + id.name() + " is kept in " + home.temporal()
                            + " by the temporal binary, which is not on the PATH; put it there.");
        }
        if (isOpen(server)) {
            endWithWorker(server, keeper);
        } else {
            server.close();
        }
    }

    private boolean isOpen(TemporalServer server) {
        try (TemporalConnection connection = TemporalConnection.open(server.address())) {
            return new WorkspaceClient(connection, false).running(id);
        } catch (TemporalException nobody) {
            server.close();
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "The run of " + id.namespace() + "/" + id.name()
                            + " is kept by a server that does not answer; start it. " + nobody.getMessage());
        }
    }

    /** The command that worked for it is gone, so this one does until it has ended. */
    private void endWithWorker(TemporalServer server, RunKeeper keeper) {
        LocalActivities activities = new LocalActivities(home, id, 0, exit -> LOG.warn(exit.sentence()));
        DesiredState told = new DesiredState("", Clock.systemUTC().millis(), Optional.empty(), List.of());
        try (LocalRuntime runtime = LocalRuntime.start(server, activities, runner.queue(id))) {
            // What the closed one had taken is given back by a run that begins with its deletion.
            new StrayRun(home, id)
                    .end(runtime, keeper)
                    .ifPresent(closed -> runtime.client().desire(id, told));
            new RunningWorkspace(runtime.client(), id, told).giveBack();
        }
    }
}
