package io.kaitoflow.worker.control;

import io.grpc.StatusRuntimeException;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls the status queue while this replica holds the lease; whoever says so does not wait for the Temporal server. */
final class StatusWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWorker.class);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration TRY_EVERY = Duration.ofSeconds(1);

    private final WorkerFactory factory;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("status-worker").daemon().factory());
    private volatile boolean listening;

    StatusWorker(TemporalConnection connection, StatusActivities activities) {
        factory = WorkerFactory.newInstance(connection.client(), WorkerPace.factory());
        factory.newWorker(TaskQueues.STATUS, WorkerPace.worker(true)).registerActivitiesImplementations(activities);
    }

    void listen() {
        listening = true;
        thread.execute(this::turn);
    }

    void pause() {
        listening = false;
        thread.execute(this::turn);
    }

    /** A factory starts only while the server answers. */
    private void turn() {
        if (!listening) {
            factory.suspendPolling();
        } else if (factory.isStarted()) {
            factory.resumePolling();
        } else {
            start();
        }
    }

    private void start() {
        try {
            factory.start();
        } catch (StatusRuntimeException nobodyAnswers) {
            LOG.warn("The status queue is not polled yet: the Temporal server answered {}", nobodyAnswers.getStatus());
            var unused = thread.schedule(this::turn, TRY_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        factory.shutdown();
        factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
