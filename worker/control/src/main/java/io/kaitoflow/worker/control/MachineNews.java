package io.kaitoflow.worker.control;

import io.grpc.StatusRuntimeException;
import io.kaitoflow.bridge.reconcile.WorkflowGateway;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells runs that something happened to their machine. What could not be told is told again: a run looks by itself too, but so
 * seldom that a ready machine would stand idle and cost.
 */
final class MachineNews implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MachineNews.class);

    private final WorkflowGateway gateway;
    private final Duration again;
    private final Set<WorkspaceId> untold = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("machine-news").daemon().factory());

    /** @param again after which what was not heard is told once more */
    MachineNews(WorkflowGateway gateway, Duration again) {
        this.gateway = gateway;
        this.again = again;
    }

    void tell(WorkspaceId id, String lease) {
        try {
            gateway.nodeObserved(id, lease);
            untold.remove(id);
        } catch (WorkflowException | StatusRuntimeException e) {
            if (untold.add(id)) {
                LOG.atWarn()
                        .addKeyValue("workflowId", id.workflowId())
                        .setCause(e)
                        .log("A run was not told of its node");
            }
            var unused = rounds.schedule(() -> tell(id, lease), again.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
