package io.kaitoflow.worker.control;

import io.kaitoflow.temporal.KeepAliveInterceptor;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.kaitoflow.workflows.sweep.SweepActivities;
import io.kaitoflow.workflows.sweep.SweeperWorkflowImpl;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflowImpl;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Polls the queue of a cluster's runs, or of one workspace that runs on this machine, until closed. */
public final class ControlWorker implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    /** Calls to a provider or an API server are short; what waits for longer goes on in another replica. */
    private static final Duration FINISH = Duration.ofSeconds(10);

    private final WorkerFactory factory;
    private final boolean finishes;

    private ControlWorker(WorkerFactory factory, boolean finishes) {
        this.factory = factory;
        this.finishes = finishes;
    }

    /**
     * Polls this queue alone, through which everything of its runs comes.
     *
     * @param durable whether the server times out a dead worker's queue; the in-process one does not
     */
    public static ControlWorker start(
            TemporalConnection connection, ControlActivities activities, String queue, boolean durable) {
        WorkerFactory factory = factory(connection, activities, queue, durable);
        factory.start();
        return new ControlWorker(factory, false);
    }

    /**
     * Polls the control queue alone, on which status is only tried: of several replicas one polls the status queue. Closing lets
     * calls under way finish.
     */
    static ControlWorker startWithoutStatus(
            TemporalConnection connection, ControlActivities activities, SweepActivities sweep) {
        WorkerFactory factory = factory(connection, activities, TaskQueues.CONTROL, true);
        Worker control = factory.getWorker(TaskQueues.CONTROL);
        control.registerWorkflowImplementationTypes(SweeperWorkflowImpl.class);
        control.registerActivitiesImplementations(sweep);
        factory.start();
        return new ControlWorker(factory, true);
    }

    private static WorkerFactory factory(
            TemporalConnection connection, ControlActivities activities, String queue, boolean durable) {
        WorkerFactory factory =
                WorkerFactory.newInstance(connection.client(), WorkerPace.factory(KeepAliveInterceptor.interrupting()));
        Worker control = factory.newWorker(queue, WorkerPace.worker(durable));
        control.registerWorkflowImplementationTypes(WorkspaceWorkflowImpl.class);
        control.registerActivitiesImplementations(
                activities.plan(),
                activities.preflight(),
                activities.nodes(),
                activities.rollout(),
                activities.parking(),
                activities.outputs(),
                activities.status());
        return factory;
    }

    @Override
    public void close() {
        if (finishes) {
            factory.shutdown();
            factory.awaitTermination(FINISH.toMillis(), TimeUnit.MILLISECONDS);
        }
        factory.shutdownNow();
        factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
