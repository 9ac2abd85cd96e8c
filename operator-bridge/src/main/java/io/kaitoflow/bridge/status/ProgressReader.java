package io.kaitoflow.bridge.status;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how far the running step is from its heartbeat: progress never passes through history. One RPC. */
public final class ProgressReader {

    private final WorkflowClient client;

    public ProgressReader(TemporalConnection connection) {
        this.client = connection.client();
    }

    /** Empty while no step reports progress, and when there is no run. */
    public Optional<TuningProgress> read(WorkspaceId id) {
        DataConverter converter = client.getOptions().getDataConverter();
        return pending(id).stream()
                .filter(PendingActivityInfo::hasHeartbeatDetails)
                // A bare sign of life carries an empty detail.
                .flatMap(activity -> Stream.ofNullable(converter.fromPayloads(
                        0, Optional.of(activity.getHeartbeatDetails()), TuningProgress.class, TuningProgress.class)))
                .findFirst();
    }

    private List<PendingActivityInfo> pending(WorkspaceId id) {
        DescribeWorkflowExecutionRequest request = DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id.workflowId()))
                .build();
        try {
            return client.getWorkflowServiceStubs()
                    .blockingStub()
                    .describeWorkflowExecution(request)
                    .getPendingActivitiesList();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }
}
