package io.kaitoflow.worker.control;

import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Polls the status queue while this replica holds the lease. */
final class StatusWorker implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final WorkerFactory factory;

    StatusWorker(TemporalConnection connection, StatusActivities activities) {
        factory = WorkerFactory.newInstance(connection.client(), WorkerPace.factory());
        factory.newWorker(TaskQueues.STATUS, WorkerPace.worker(true)).registerActivitiesImplementations(activities);
    }

    synchronized void listen() {
        if (factory.isStarted()) {
            factory.resumePolling();
        } else {
            factory.start();
        }
    }

    synchronized void pause() {
        if (factory.isStarted()) {
            factory.suspendPolling();
        }
    }

    @Override
    public void close() {
        factory.shutdown();
        factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
