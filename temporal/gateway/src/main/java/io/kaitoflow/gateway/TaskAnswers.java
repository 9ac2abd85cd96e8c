package io.kaitoflow.gateway;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatResponse;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCanceledRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCanceledResponse;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCompletedResponse;
import io.temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskFailedResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceFutureStub;
import java.util.function.Supplier;

/**
 * What a tuner says of a task that it was given: that it is at work, and how it ended.
 *
 * @param stub asks Temporal
 */
record TaskAnswers(Supplier<WorkflowServiceFutureStub> stub, String namespace, TaskSeal seal, Veil veil) {

    ListenableFuture<RecordActivityTaskHeartbeatResponse> heartbeat(RecordActivityTaskHeartbeatRequest told) {
        RecordActivityTaskHeartbeatRequest.Builder passed = RecordActivityTaskHeartbeatRequest.newBuilder()
                .setNamespace(namespace)
                .setTaskToken(opened(told.getNamespace(), told.getTaskToken()))
                .setIdentity(TunerCalls.shortened(told.getIdentity()));
        if (told.hasDetails()) {
            passed.setDetails(veil.drawn(told.getDetails()));
        }
        return stub.get().recordActivityTaskHeartbeat(passed.build());
    }

    ListenableFuture<RespondActivityTaskCompletedResponse> completed(RespondActivityTaskCompletedRequest told) {
        RespondActivityTaskCompletedRequest.Builder passed = RespondActivityTaskCompletedRequest.newBuilder()
                .setNamespace(namespace)
                .setTaskToken(opened(told.getNamespace(), told.getTaskToken()))
                .setIdentity(TunerCalls.shortened(told.getIdentity()));
        if (told.hasResult()) {
            passed.setResult(veil.drawn(told.getResult()));
        }
        return stub.get().respondActivityTaskCompleted(passed.build());
    }

    ListenableFuture<RespondActivityTaskFailedResponse> failed(RespondActivityTaskFailedRequest told) {
        RespondActivityTaskFailedRequest.Builder passed = RespondActivityTaskFailedRequest.newBuilder()
                .setNamespace(namespace)
                .setTaskToken(opened(told.getNamespace(), told.getTaskToken()))
                .setIdentity(TunerCalls.shortened(told.getIdentity()));
        if (told.hasFailure()) {
            passed.setFailure(veil.drawn(told.getFailure()));
        }
        if (told.hasLastHeartbeatDetails()) {
            passed.setLastHeartbeatDetails(veil.drawn(told.getLastHeartbeatDetails()));
        }
        return stub.get().respondActivityTaskFailed(passed.build());
    }

    ListenableFuture<RespondActivityTaskCanceledResponse> canceled(RespondActivityTaskCanceledRequest told) {
        RespondActivityTaskCanceledRequest.Builder passed = RespondActivityTaskCanceledRequest.newBuilder()
                .setNamespace(namespace)
                .setTaskToken(opened(told.getNamespace(), told.getTaskToken()))
                .setIdentity(TunerCalls.shortened(told.getIdentity()));
        if (told.hasDetails()) {
            passed.setDetails(veil.drawn(told.getDetails()));
        }
        return stub.get().respondActivityTaskCanceled(passed.build());
    }

    private ByteString opened(String asked, ByteString token) {
        TunerCalls.requireNamespace(namespace, asked);
        return seal.open(TokenCheck.UID.get(), token)
                .orElseThrow(() -> Status.PERMISSION_DENIED
                        .withDescription("This task was not given to this tuner.")
                        .asRuntimeException());
    }
}
