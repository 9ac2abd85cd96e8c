package io.kaitoflow.worker.control.upgrade;

import io.kaitoflow.temporal.TemporalConnection;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the runs' own histories say; they are what a new worker goes on from. */
record Histories(TemporalConnection connection, String namespace) {

    /** Temporal's id of the run that a workspace has now. */
    String runOf(String workflowId) {
        return connection
                .client()
                .getWorkflowServiceStubs()
                .blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflowId))
                        .build())
                .getWorkflowExecutionInfo()
                .getExecution()
                .getRunId();
    }

    /** Workflow tasks that failed, as one does whose history does not replay. */
    long failedTasks(String workflowId) {
        return events(workflowId).stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
                .count();
    }

    /** How often an activity of a name was begun; one that another worker took up again counts once. */
    long begun(String workflowId, String activity) {
        List<HistoryEvent> events = events(workflowId);
        Set<Long> asked = events.stream()
                .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                .filter(event -> event.getActivityTaskScheduledEventAttributes()
                        .getActivityType()
                        .getName()
                        .equals(activity))
                .map(HistoryEvent::getEventId)
                .collect(Collectors.toSet());
        return events.stream()
                .filter(HistoryEvent::hasActivityTaskStartedEventAttributes)
                .filter(event -> asked.contains(
                        event.getActivityTaskStartedEventAttributes().getScheduledEventId()))
                .count();
    }

    /** Activities that a worker left unfinished and another took up. */
    long takenUp(String workflowId) {
        return events(workflowId).stream()
                .filter(HistoryEvent::hasActivityTaskStartedEventAttributes)
                .filter(event -> event.getActivityTaskStartedEventAttributes().getAttempt() > 1)
                .count();
    }

    private List<HistoryEvent> events(String workflowId) {
        return connection.client().fetchHistory(workflowId).getEvents();
    }
}
