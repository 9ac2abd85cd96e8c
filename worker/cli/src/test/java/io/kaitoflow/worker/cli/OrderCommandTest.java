package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.worker.cli.local.RunKeeper;
import io.kaitoflow.worker.cli.local.RunnerFile;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.WorkspaceInput;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderCommandTest {

    private static final WorkspaceSnapshot SNAPSHOT = Snapshots.serving("one", "http://127.0.0.1:5000");
    private static final WorkspaceId ID = SNAPSHOT.id();

    @TempDir
    private Path home;

    @Test
    void tellsWhatTheRunAnswers() {
        withARun(() -> {
            Invocation pause = Invocation.of("pause", "one", "--home", home, "--reason", "too dear");

            assertThat(pause.err()).isEmpty();
            assertThat(pause.out()).contains("heard PAUSE, too dear");
            assertThat(pause.exit()).isEqualTo(ExitCode.OK);
        });
    }

    @Test
    void anExtensionIsSentWithItsBounds() {
        withARun(() -> {
            Invocation extend = Invocation.of("extend", "one", "--home", home, "--budget-usd", "40");

            assertThat(extend.err()).isEmpty();
            assertThat(extend.out()).contains("heard EXTEND, up to $40");
        });
    }

    @Test
    void anExtensionWithoutABoundIsAWrongCommandLine() {
        Invocation extend = Invocation.of("extend", "one", "--home", home);

        assertThat(extend.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(extend.err()).contains("--budget-usd");
    }

    @Test
    void aRefusalIsTheRunsOwnSentence() {
        withARun(() -> {
            Invocation resume = Invocation.of("resume", "one", "--home", home);

            assertThat(resume.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(resume.err()).contains("kaitoflow: It is not paused.");
        });
    }

    @Test
    void aWorkspaceThatNobodyKnowsIsRefusedWithTheWayOut() {
        Invocation cancel = Invocation.of("cancel", "one", "--home", home);

        assertThat(cancel.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(cancel.err()).contains("No run of workspace default/one is known", "--temporal");
    }

    @Test
    void aServerThatIsGoneIsNamed() {
        new StatusFile(new LocalHome(home)).publish(SNAPSHOT);

        Invocation retry = Invocation.of("retry", "one", "--home", home, "--temporal", "127.0.0.1:1");

        assertThat(retry.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(retry.err()).contains("127.0.0.1:1");
    }

    @Test
    void anAddressThatIsNoneIsAWrongCommandLine() {
        assertThat(Invocation.of("pause", "one", "--home", home, "--temporal", "foo")
                        .exit())
                .isEqualTo(ExitCode.USAGE);
    }

    /** A run that answers, on a server of its own, as {@code kaitoflow run} leaves its traces in the home folder. */
    private void withARun(Runnable test) {
        LocalHome local = new LocalHome(home);
        new StatusFile(local).publish(SNAPSHOT);
        try (TemporalServer server = TemporalServer.inProcess();
                TemporalConnection connection = TemporalConnection.open(server.address())) {
            new RunnerFile(local.workspace(ID)).reachedBy(server.address(), RunKeeper.COMMAND);
            WorkerFactory workers = WorkerFactory.newInstance(connection.client());
            workers.newWorker(TaskQueues.CONTROL).registerWorkflowImplementationTypes(Answering.class);
            workers.start();
            WorkspaceWorkflow run = connection
                    .client()
                    .newWorkflowStub(
                            WorkspaceWorkflow.class,
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId(ID.workflowId())
                                    .setTaskQueue(TaskQueues.CONTROL)
                                    .build());
            WorkflowClient.start(run::run, WorkspaceInput.first(ID, false));
            test.run();
            workers.shutdownNow();
        }
    }

    /** Answers orders, and refuses to resume. */
    public static final class Answering implements WorkspaceWorkflow {

        @Override
        public void run(WorkspaceInput input) {
            Workflow.await(() -> false);
        }

        @Override
        public void desire(DesiredState state) {
            // Nobody wishes here.
        }

        @Override
        public void order(@Nullable Order order) {
            // Orders come as updates here.
        }

        @Override
        public String answered(@Nullable Order order) {
            Order heard = Objects.requireNonNull(order);
            return "heard " + heard.action() + ", " + heard.reason()
                    + heard.budgetUsd().map(usd -> "up to $" + usd).orElse("");
        }

        @Override
        public void requireMeaning(@Nullable Order order) {
            if (Objects.requireNonNull(order).action().equals("RESUME")) {
                throw new IllegalArgumentException("It is not paused.");
            }
        }

        @Override
        public void nodeObserved(String leaseName) {
            // No machine here.
        }

        @Override
        public WorkspaceSnapshot snapshot() {
            return SNAPSHOT;
        }
    }
}
