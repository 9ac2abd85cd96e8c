package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.kaitoflow.bridge.reconcile.WorkflowGateway;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MachineNewsTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "a", "uid");

    @Test
    void whatNobodyHeardIsToldAgain() {
        ForgetfulGateway gateway = new ForgetfulGateway(2);
        try (MachineNews news = new MachineNews(gateway, Duration.ofMillis(10))) {
            news.tell(ID, "ws1");

            await().untilAsserted(() -> assertThat(gateway.heard).containsExactly("uid ws1"));
        }
    }

    /** Does not answer the first calls. */
    private static final class ForgetfulGateway implements WorkflowGateway {

        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final AtomicInteger deaf;

        private ForgetfulGateway(int deaf) {
            this.deaf = new AtomicInteger(deaf);
        }

        @Override
        public void nodeObserved(WorkspaceId id, String leaseName) {
            if (deaf.getAndDecrement() > 0) {
                throw Status.UNAVAILABLE.asRuntimeException();
            }
            heard.add(id.uid() + " " + leaseName);
        }

        @Override
        public void desire(WorkspaceId id, DesiredState state) {
            throw new AssertionError("No wish is told here");
        }

        @Override
        public boolean running(WorkspaceId id) {
            return true;
        }

        @Override
        public void prepare() {
            // This server forgets nothing.
        }

        @Override
        public Set<String> openRuns() {
            return Set.of(ID.workflowId());
        }

        @Override
        public Optional<WorkspaceSnapshot> snapshot(WorkspaceId id) {
            return Optional.empty();
        }
    }
}
