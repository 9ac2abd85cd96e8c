package io.kaitoflow.worker.control;

import io.kaitoflow.temporal.KeepAliveInterceptor;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflowImpl;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Polls the control and the status queue until closed. */
public final class ControlWorker implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final WorkerFactory factory;

    private ControlWorker(WorkerFactory factory) {
        this.factory = factory;
    }

    /** @param durable whether the server times out a dead worker's queue; the in-process one does not */
    public static ControlWorker start(TemporalConnection connection, ControlActivities activities, boolean durable) {
        WorkerFactory factory = factory(connection, activities, durable);
        factory.newWorker(TaskQueues.STATUS, WorkerPace.worker(durable))
                .registerActivitiesImplementations(activities.status());
        factory.start();
        return new ControlWorker(factory);
    }

    /** Polls the control queue alone, on which status is only tried: of several replicas one polls the status queue. */
    static ControlWorker startWithoutStatus(TemporalConnection connection, ControlActivities activities) {
        WorkerFactory factory = factory(connection, activities, true);
        factory.start();
        return new ControlWorker(factory);
    }

    private static WorkerFactory factory(TemporalConnection connection, ControlActivities activities, boolean durable) {
        WorkerFactory factory =
                WorkerFactory.newInstance(connection.client(), WorkerPace.factory(KeepAliveInterceptor.interrupting()));
        Worker control = factory.newWorker(TaskQueues.CONTROL, WorkerPace.worker(durable));
        control.registerWorkflowImplementationTypes(WorkspaceWorkflowImpl.class);
        control.registerActivitiesImplementations(
                activities.plan(),
                activities.preflight(),
                activities.nodes(),
                activities.rollout(),
                activities.status());
        return factory;
    }

    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
