package io.kaitoflow.worker.control;

import io.grpc.StatusRuntimeException;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.sweep.SweeperWorkflow;
import io.kaitoflow.workflows.sweep.Sweeping;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the installation's one sweep runs, also after Temporal lost it. Any number of replicas may. */
final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    private final WorkflowClient client;
    private final String id;
    private final Sweeping sweeping;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sweeper").daemon().factory());

    Sweeper(TemporalConnection connection, String installation, Sweeping sweeping) {
        this.client = connection.client();
        this.id = SweeperWorkflow.workflowId(installation);
        this.sweeping = sweeping;
    }

    void start() {
        var unused = rounds.scheduleWithFixedDelay(this::ensure, 0, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One that runs already is left alone. */
    private void ensure() {
        SweeperWorkflow sweeper = client.newWorkflowStub(
                SweeperWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(id)
                        .setTaskQueue(TaskQueues.CONTROL)
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setStaticSummary("Gives back machines that nobody wants any more")
                        .build());
        try {
            var unused = WorkflowClient.start(sweeper::sweep, sweeping);
        } catch (WorkflowException | StatusRuntimeException e) {
            LOG.warn("The sweep could not be looked after and is again", e);
        }
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
