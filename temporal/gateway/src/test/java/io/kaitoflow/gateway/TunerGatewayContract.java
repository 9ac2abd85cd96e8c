package io.kaitoflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.temporal.activity.Activity;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueResponse;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCanceledRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tuners may and may not do, before any Temporal server. */
abstract class TunerGatewayContract {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Set<String> OFFERED = Set.of(
            "GetSystemInfo",
            "DescribeNamespace",
            "PollActivityTaskQueue",
            "RecordActivityTaskHeartbeat",
            "RespondActivityTaskCompleted",
            "RespondActivityTaskFailed",
            "RespondActivityTaskCanceled",
            "ShutdownWorker");

    private final String a = UUID.randomUUID().toString();
    private final String b = UUID.randomUUID().toString();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private TemporalConnection direct;
    private TunerGateway gateway;

    /** A server that is there as long as the class. */
    abstract TemporalAddress temporal();

    @BeforeEach
    void open() throws IOException {
        Files.writeString(folder.resolve("signing"), "s".repeat(32));
        direct = opened(TemporalConnection.open(temporal()));
        gateway = opened(replica());
        WorkerFactory factory = WorkerFactory.newInstance(direct.client());
        factory.newWorker(a).registerWorkflowImplementationTypes(Errand.Impl.class);
        factory.start();
        opened.add(factory::shutdownNow);
    }

    private TunerGateway replica() {
        return TunerGateway.start(
                new GatewaySettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), folder, null, Optional.empty()),
                direct.client().getWorkflowServiceStubs(),
                "default",
                InstantSource.system());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    private String token(String uid) {
        return new TunerTokens(folder, InstantSource.system()).issue(uid, HOUR);
    }

    private Visitor visitor(String uid) {
        return opened(new Visitor(gateway.port(), token(uid)));
    }

    /** A run that waits for what the tuner of A answers. */
    private WorkflowStub errand() {
        WorkflowStub errand = WorkflowStub.fromTyped(direct.client()
                .newWorkflowStub(
                        Errand.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(a)
                                .setWorkflowId("errand/" + UUID.randomUUID())
                                .build()));
        errand.start(a);
        return errand;
    }

    private static String result(WorkflowStub errand) throws Exception {
        return errand.getResult(2, TimeUnit.MINUTES, String.class);
    }

    /** A worker as the tuner's process has it. */
    private void startTuner(int port, Errand.Work work) throws IOException {
        Path access = Files.createDirectories(folder.resolve("access"));
        Files.writeString(access.resolve(TemporalAccess.TOKEN), token(a) + "\n");
        TemporalConnection connection =
                opened(TemporalConnection.open(TemporalAddress.of("127.0.0.1:" + port), TemporalAccess.by(access)));
        WorkerFactory factory = WorkerFactory.newInstance(connection.client(), WorkerPace.factory());
        Worker worker = factory.newWorker("tuner/" + a, WorkerPace.hostBound());
        worker.registerActivitiesImplementations(work);
        factory.start();
        opened.add(factory::shutdownNow);
    }

    private static void assertRefused(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code));
    }

    @Test
    void aTunersWorkerBeatsAndAnswersThroughTheGateway() throws Exception {
        startTuner(gateway.port(), what -> {
            Activity.getExecutionContext().heartbeat("half of the " + what);
            return what;
        });

        assertThat(result(errand())).isEqualTo("rows");
    }

    @Test
    void whatATunerFailsAtIsToldToTheRun() throws IOException {
        startTuner(gateway.port(), what -> {
            throw new IllegalStateException("no " + what);
        });
        WorkflowStub errand = errand();

        assertThatThrownBy(() -> result(errand)).hasStackTraceContaining("no rows");
    }

    @Test
    void aReplicaThatGoesDuringAPollOrATaskIsMadeGoodByAnother() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        TunerGateway second = opened(replica());
        TunerGateway third = opened(replica());
        Relay service = opened(new Relay(gateway.port()));
        startTuner(service.port(), what -> {
            begun.countDown();
            await(go);
            return what;
        });

        service.leadTo(second.port());
        gateway.close();
        WorkflowStub errand = errand();
        await(begun);
        service.leadTo(third.port());
        second.close();
        go.countDown();

        assertThat(result(errand)).isEqualTo("rows");
        assertThat(result(errand())).isEqualTo("rows");
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(2, TimeUnit.MINUTES)) {
                throw new AssertionError("Nothing came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void noTunerPollsAnotherQueueOrNamespace() {
        Visitor visitor = visitor(a);

        for (String queue : List.of("tuner/" + b, "kaitoflow-control", "", "tuner/" + a + "/")) {
            assertRefused(
                    Status.Code.PERMISSION_DENIED, () -> visitor.calls().pollActivityTaskQueue(Visitor.poll(queue)));
        }
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> visitor.calls()
                        .pollActivityTaskQueue(Visitor.poll("tuner/" + a).toBuilder()
                                .setNamespace("other")
                                .build()));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> visitor.calls()
                        .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                .setNamespace("other")
                                .build()));
    }

    @Test
    void noTunerAnswersForTheTaskOfAnother() throws Exception {
        WorkflowStub errand = errand();
        Visitor owner = visitor(a);
        PollActivityTaskQueueResponse task = owner.task("tuner/" + a);
        ByteString sealed = task.getTaskToken();
        ByteString plain = sealed.substring(SealingKeys.LENGTH);

        assertAnswersRefused(visitor(b), sealed);
        assertAnswersRefused(owner, plain);
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> owner.calls()
                        .respondActivityTaskCompleted(completion(sealed).toBuilder()
                                .setNamespace("other")
                                .build()));

        var unused = owner.calls().respondActivityTaskCompleted(completion(sealed));
        assertThat(result(errand)).isEqualTo("mine");
    }

    private static void assertAnswersRefused(Visitor visitor, ByteString token) {
        assertRefused(
                Status.Code.PERMISSION_DENIED, () -> visitor.calls().respondActivityTaskCompleted(completion(token)));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> visitor.calls()
                        .respondActivityTaskFailed(RespondActivityTaskFailedRequest.newBuilder()
                                .setNamespace("default")
                                .setTaskToken(token)
                                .build()));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> visitor.calls()
                        .respondActivityTaskCanceled(RespondActivityTaskCanceledRequest.newBuilder()
                                .setNamespace("default")
                                .setTaskToken(token)
                                .build()));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> visitor.calls()
                        .recordActivityTaskHeartbeat(RecordActivityTaskHeartbeatRequest.newBuilder()
                                .setNamespace("default")
                                .setTaskToken(token)
                                .build()));
    }

    private static RespondActivityTaskCompletedRequest completion(ByteString token) {
        Payloads result =
                DefaultDataConverter.STANDARD_INSTANCE.toPayloads("mine").orElseThrow();
        return RespondActivityTaskCompletedRequest.newBuilder()
                .setNamespace("default")
                .setTaskToken(token)
                .setResult(result)
                .build();
    }

    /** By the servers' own lists, so that what a later release adds is refused too. */
    @Test
    void nothingElseThatTemporalOffersMayBeCalled() {
        Visitor visitor = visitor(a);
        List<String> others = Stream.of(
                        WorkflowServiceGrpc.getServiceDescriptor(), OperatorServiceGrpc.getServiceDescriptor())
                .flatMap(service -> service.getMethods().stream())
                .filter(method -> !OFFERED.contains(method.getBareMethodName()))
                .map(method -> method.getFullMethodName())
                .toList();

        assertThat(others)
                .contains(
                        "temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution",
                        "temporal.api.workflowservice.v1.WorkflowService/SignalWorkflowExecution",
                        "temporal.api.workflowservice.v1.WorkflowService/TerminateWorkflowExecution",
                        "temporal.api.workflowservice.v1.WorkflowService/ListWorkflowExecutions",
                        "temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskCompletedById",
                        "temporal.api.operatorservice.v1.OperatorService/DeleteNamespace")
                .hasSizeGreaterThan(80);
        // Some are refused for their number; these are asked again.
        assertThat(others).allSatisfy(method -> assertDenied(visitor, method));
    }

    private static void assertDenied(Visitor visitor, String method) {
        StatusRuntimeException refused;
        do {
            refused = visitor.refusal(method);
        } while (refused.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getCode()).as(method).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refused).hasMessageContaining("No tuner may call " + method);
    }

    @Test
    void aTokenThatIsForgedOrOverOpensNothing() throws IOException {
        TunerTokens yesterday = new TunerTokens(folder, InstantSource.offset(InstantSource.system(), HOUR.negated()));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("signing"), "e".repeat(32));
        List<String> tokens = List.of(
                "",
                "anything",
                token(a).replace(a, b),
                yesterday.issue(a, Duration.ofMinutes(59)),
                new TunerTokens(elsewhere, InstantSource.system()).issue(a, HOUR));

        for (String token : tokens) {
            Visitor visitor = opened(new Visitor(gateway.port(), token));
            assertRefused(
                    Status.Code.UNAUTHENTICATED,
                    () -> visitor.calls().pollActivityTaskQueue(Visitor.poll("tuner/" + a)));
            assertThat(visitor.refusal("temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution")
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void aPollWhoseTunerWentTakesNoTask() throws Exception {
        Visitor gone = visitor(a);
        ListenableFuture<PollActivityTaskQueueResponse> poll =
                gone.callsLater().pollActivityTaskQueue(Visitor.poll("tuner/" + a));
        assertThat(poll.cancel(true)).isTrue();
        WorkflowStub errand = errand();

        Visitor next = visitor(a);
        var unused = next.calls()
                .respondActivityTaskCompleted(completion(next.task("tuner/" + a).getTaskToken()));

        assertThat(result(errand)).isEqualTo("mine");
    }

    @Test
    void whatIsTooMuchIsRefused() {
        Visitor visitor = visitor(a);
        ByteString large = ByteString.copyFrom(new byte[3 << 20]);
        assertRefused(
                Status.Code.RESOURCE_EXHAUSTED, () -> visitor.calls().respondActivityTaskCompleted(completion(large)));

        List<ListenableFuture<PollActivityTaskQueueResponse>> polls = IntStream.rangeClosed(0, Allowance.CALLS_AT_ONCE)
                .mapToObj(poll -> visitor.callsLater().pollActivityTaskQueue(Visitor.poll("tuner/" + a)))
                .toList();
        // All others wait for a task that does not come.
        ListenableFuture<PollActivityTaskQueueResponse> first =
                Futures.inCompletionOrder(polls).getFirst();
        assertThatThrownBy(() -> first.get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("has to wait");
        polls.forEach(poll -> poll.cancel(true));
    }
}
