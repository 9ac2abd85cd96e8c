package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** A run against a fake world on a server that skips time. */
abstract class WorkspaceTest {

    static final Path HISTORIES = Path.of("src", "test", "resources", "histories");

    private static final int PATIENCE = 50;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SKIP = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    final FakeWorld world = new FakeWorld();
    final FakeBerths berths = new FakeBerths(world);
    final FakeRegistry registry = new FakeRegistry(world);
    private final LinkedBlockingQueue<WorkspaceSnapshot> published = new LinkedBlockingQueue<>();
    private long sequence;
    TestWorkflowEnvironment environment;
    WorkspaceWorkflow workflow;

    @BeforeEach
    void start() {
        TestEnvironmentOptions.Builder options = TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                        WorkflowClientOptions.newBuilder().setIdentity("test").build());
        WorkspaceSearchAttributes.ALL.forEach(
                key -> options.registerSearchAttribute(key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
        environment = TestWorkflowEnvironment.newInstance(options.build());
        Worker control = worker(queue());
        control.registerWorkflowImplementationTypes(WorkspaceWorkflowImpl.class);
        StatusActivities status = published::add;
        control.registerActivitiesImplementations(world, berths, registry, status);
        worker(TaskQueues.tuner(Samples.ID)).registerActivitiesImplementations(world, berths);
        if (queue().equals(TaskQueues.CONTROL)) {
            worker(TaskQueues.STATUS).registerActivitiesImplementations(status);
        }
        environment.start();
        workflow = client().newWorkflowStub(
                        WorkspaceWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(queue())
                                .setWorkflowId(Samples.ID.workflowId())
                                .build());
    }

    /** The run's own. */
    String queue() {
        return TaskQueues.CONTROL;
    }

    @AfterEach
    void stop(TestInfo test) throws IOException {
        try {
            if (Boolean.getBoolean("kaitoflow.record")) {
                record(test.getTestMethod().orElseThrow());
            }
        } finally {
            environment.close();
        }
    }

    private void record(Method test) throws IOException {
        Path file = HISTORIES.resolve(test.getName() + ".json");
        if (test.isAnnotationPresent(Recorded.class) && !Files.exists(file)) {
            Files.writeString(
                    file, client().fetchHistory(Samples.ID.workflowId()).toJson(true));
        }
    }

    WorkflowClient client() {
        return environment.getWorkflowClient();
    }

    /** Signal-with-start for the first wish, as for every other. */
    void begin(DesiredState first) {
        begin(first, true);
    }

    /** The in-process server loses a task when many signals meet local activities; those are for real servers. */
    void beginWithoutShortSteps(DesiredState first) {
        begin(first, false);
    }

    private void begin(DesiredState first, boolean searchable) {
        var batch = client().newSignalWithStartRequest();
        batch.add(workflow::run, WorkspaceInput.first(Samples.ID, searchable));
        batch.add(workflow::desire, first);
        client().signalWithStart(batch);
    }

    void order(Verb.Action action) {
        workflow.order(Order.of(new Verb(action, ++sequence, "A person said so.")));
    }

    /** Waits until this phase was published; time in which nobody works is skipped. */
    WorkspaceSnapshot awaitPhase(Class<? extends Phase> phase) throws InterruptedException {
        return awaitSnapshot(phase.getSimpleName(), told -> phase.isInstance(told.phase()));
    }

    WorkspaceSnapshot awaitSnapshot(Predicate<WorkspaceSnapshot> wanted) throws InterruptedException {
        return awaitSnapshot("that is waited for", wanted);
    }

    /** The same, however much is published before. */
    WorkspaceSnapshot awaitAmongMany(Predicate<WorkspaceSnapshot> wanted) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            WorkspaceSnapshot next = published.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                environment.sleep(SKIP);
            } else if (wanted.test(next)) {
                return next;
            }
        }
        throw new AssertionError("What is waited for was not published" + evidence());
    }

    private WorkspaceSnapshot awaitSnapshot(String name, Predicate<WorkspaceSnapshot> wanted)
            throws InterruptedException {
        for (int looks = 0; looks < PATIENCE; looks++) {
            WorkspaceSnapshot next = published.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                // The server skips time only while somebody waits for it.
                environment.sleep(SKIP);
            } else if (wanted.test(next)) {
                return next;
            }
        }
        throw new AssertionError("Phase " + name + " was not reached" + evidence());
    }

    /** Waits until the run knows of the last signal, although a short step holds it up: a task that takes long is cut into several. */
    void awaitHeard() throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!isHeard()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("The signal was not heard" + evidence());
            }
            var unused = published.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean isHeard() {
        EventType last = client().fetchHistory(Samples.ID.workflowId()).getEvents().stream()
                .map(HistoryEvent::getEventType)
                .filter(type -> type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
                        || type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
                .reduce((before, next) -> next)
                .orElseThrow();
        return last == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED;
    }

    /** Waits until the last phase was published and the run closed. */
    void awaitEnd() throws InterruptedException {
        awaitPhase(Phase.Released.class);
        WorkflowStub.fromTyped(workflow).getResult(Void.class);
    }

    /** Why a workflow task failed, if one did: the usual cause of a run that stands still. */
    private String evidence() {
        return client().fetchHistory(Samples.ID.workflowId()).getEvents().stream()
                .filter(HistoryEvent::hasWorkflowTaskFailedEventAttributes)
                .map(event -> event.getWorkflowTaskFailedEventAttributes()
                        .getFailure()
                        .toString())
                .findFirst()
                .map(failure -> ": " + failure)
                .orElse("; calls: " + world.calls());
    }

    private Worker worker(String queue) {
        return environment.newWorker(
                queue,
                WorkerOptions.newBuilder()
                        .setDefaultHeartbeatThrottleInterval(Duration.ofMillis(20))
                        .setMaxHeartbeatThrottleInterval(Duration.ofMillis(20))
                        .build());
    }
}
