package io.kaitoflow.gateway;

import static com.google.common.util.concurrent.MoreExecutors.directExecutor;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.temporal.api.enums.v1.TaskQueueKind;
import io.temporal.api.namespace.v1.NamespaceInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueRequest;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueResponse;
import io.temporal.api.workflowservice.v1.ShutdownWorkerResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceFutureStub;
import io.temporal.serviceclient.WorkflowServiceStubs;

/**
 * The calls that a tuner needs. What is asked of Temporal is written anew from the few fields that count here, so that no other field,
 * and none that a later server knows, can be used to do more.
 */
final class TunerCalls {

    /** Of the queue that only the workspace's tuner polls; a uid follows. */
    private static final String QUEUE = "tuner/";

    private static final int LONGEST_NAME = 200;

    private final WorkflowServiceStubs temporal;
    private final String namespace;
    private final TaskSeal seal;
    private final Veil veil;

    /** @param temporal stays the caller's */
    TunerCalls(WorkflowServiceStubs temporal, String namespace, TaskSeal seal, Veil veil) {
        this.temporal = temporal;
        this.namespace = namespace;
        this.seal = seal;
        this.veil = veil;
    }

    ServerServiceDefinition health() {
        HealthCheckResponse serving = HealthCheckResponse.newBuilder()
                .setStatus(HealthCheckResponse.ServingStatus.SERVING)
                .build();
        return ServerServiceDefinition.builder(HealthGrpc.SERVICE_NAME)
                .addMethod(HealthGrpc.getCheckMethod(), Passing.of(asked -> Futures.immediateFuture(serving)))
                .build();
    }

    ServerServiceDefinition service() {
        TaskAnswers answers = new TaskAnswers(this::stub, namespace, seal, veil);
        return ServerServiceDefinition.builder(WorkflowServiceGrpc.SERVICE_NAME)
                .addMethod(
                        WorkflowServiceGrpc.getGetSystemInfoMethod(), Passing.of(asked -> stub().getSystemInfo(asked)))
                .addMethod(WorkflowServiceGrpc.getDescribeNamespaceMethod(), Passing.of(this::describe))
                .addMethod(WorkflowServiceGrpc.getPollActivityTaskQueueMethod(), Passing.of(this::poll))
                .addMethod(WorkflowServiceGrpc.getRecordActivityTaskHeartbeatMethod(), Passing.of(answers::heartbeat))
                .addMethod(WorkflowServiceGrpc.getRespondActivityTaskCompletedMethod(), Passing.of(answers::completed))
                .addMethod(WorkflowServiceGrpc.getRespondActivityTaskFailedMethod(), Passing.of(answers::failed))
                .addMethod(WorkflowServiceGrpc.getRespondActivityTaskCanceledMethod(), Passing.of(answers::canceled))
                // Only a worker that keeps workflows has something to give back.
                .addMethod(
                        WorkflowServiceGrpc.getShutdownWorkerMethod(),
                        Passing.of(asked -> Futures.immediateFuture(ShutdownWorkerResponse.getDefaultInstance())))
                .build();
    }

    private WorkflowServiceFutureStub stub() {
        return temporal.futureStub();
    }

    /** That it exists; what else it is called and can do is nobody's business here. */
    private ListenableFuture<DescribeNamespaceResponse> describe(DescribeNamespaceRequest asked) {
        requireNamespace(namespace, asked.getNamespace());
        DescribeNamespaceRequest passed =
                DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build();
        return Futures.transform(
                stub().describeNamespace(passed),
                answer -> DescribeNamespaceResponse.newBuilder()
                        .setNamespaceInfo(NamespaceInfo.newBuilder()
                                .setName(namespace)
                                .setState(answer.getNamespaceInfo().getState()))
                        .build(),
                directExecutor());
    }

    private ListenableFuture<PollActivityTaskQueueResponse> poll(PollActivityTaskQueueRequest asked) {
        requireNamespace(namespace, asked.getNamespace());
        String uid = TokenCheck.UID.get();
        String queue = QUEUE + uid;
        if (!asked.getTaskQueue().getName().equals(queue)) {
            throw Status.PERMISSION_DENIED
                    .withDescription("This tuner may poll " + queue + " alone.")
                    .asRuntimeException();
        }
        PollActivityTaskQueueRequest passed = PollActivityTaskQueueRequest.newBuilder()
                .setNamespace(namespace)
                .setTaskQueue(TaskQueue.newBuilder().setName(queue).setKind(TaskQueueKind.TASK_QUEUE_KIND_NORMAL))
                .setIdentity(shortened(asked.getIdentity()))
                .build();
        return Futures.transform(stub().pollActivityTaskQueue(passed), answer -> sealed(uid, answer), directExecutor());
    }

    /** A poll that found nothing has no token. */
    private PollActivityTaskQueueResponse sealed(String uid, PollActivityTaskQueueResponse answer) {
        ByteString token = answer.getTaskToken();
        if (token.isEmpty()) {
            return answer;
        }
        PollActivityTaskQueueResponse.Builder task = answer.toBuilder().setTaskToken(seal.seal(uid, token));
        if (answer.hasInput()) {
            task.setInput(veil.lifted(answer.getInput()));
        }
        if (answer.hasHeartbeatDetails()) {
            task.setHeartbeatDetails(veil.lifted(answer.getHeartbeatDetails()));
        }
        return task.build();
    }

    static void requireNamespace(String namespace, String asked) {
        if (!asked.equals(namespace)) {
            throw Status.PERMISSION_DENIED
                    .withDescription("Tuners work in the namespace " + namespace + " alone.")
                    .asRuntimeException();
        }
    }

    static String shortened(String identity) {
        return identity.substring(0, Math.min(identity.length(), LONGEST_NAME));
    }
}
