package io.kaitoflow.worker.cli.local;

import io.kaitoflow.temporal.SearchAttributes;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.control.ControlWorker;
import io.kaitoflow.worker.control.WorkspaceClient;
import io.kaitoflow.workflows.workspace.WorkspaceSearchAttributes;

/** The control plane inside this command: a Temporal server, the control worker, and the client. */
public final class LocalRuntime implements AutoCloseable {

    private final TemporalServer server;
    private final TemporalConnection connection;
    private final ControlWorker worker;
    private final WorkspaceClient client;
    private final String queue;

    private LocalRuntime(
            TemporalServer server,
            TemporalConnection connection,
            ControlWorker worker,
            WorkspaceClient client,
            String queue) {
        this.server = server;
        this.connection = connection;
        this.worker = worker;
        this.client = client;
        this.queue = queue;
    }

    /**
     * Starts the worker and connects the client; the server is closed with this.
     *
     * @param queue of the one workspace that is run
     */
    public static LocalRuntime start(TemporalServer server, LocalActivities activities, String queue) {
        try {
            TemporalConnection connection = TemporalConnection.open(server.address());
            boolean searchable =
                    server.durable() && SearchAttributes.register(connection, WorkspaceSearchAttributes.ALL);
            ControlWorker worker = ControlWorker.start(
                    connection, activities.on(server.address().target()), queue, server.durable());
            WorkspaceClient client = new WorkspaceClient(connection, searchable, queue);
            return new LocalRuntime(server, connection, worker, client, queue);
        } catch (TemporalException e) {
            server.close();
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** What starts and asks workflows. */
    public WorkspaceClient client() {
        return client;
    }

    /** Through which the tasks of the one workspace come that is run here. */
    String queue() {
        return queue;
    }

    /** Where other commands reach the same runs. */
    public TemporalAddress address() {
        return server.address();
    }

    /** @param given whether the user named the server */
    public RunKeeper keeper(boolean given) {
        if (given) {
            return RunKeeper.GIVEN;
        }
        return server.durable() ? RunKeeper.HOME : RunKeeper.COMMAND;
    }

    /** One line for the user: where Temporal runs and where to look at it. */
    public String temporal() {
        String where = server.webUi()
                .map(ui -> server.address().target() + ", Web UI " + ui)
                .orElse(server.address().target());
        return server.durable()
                ? where
                : "inside this command (put the temporal binary on the PATH for a Web UI and runs that survive it)";
    }

    @Override
    public void close() {
        worker.close();
        connection.close();
        server.close();
    }
}
