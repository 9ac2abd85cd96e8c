package io.kaitoflow.workflows.sweep;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;

/** Looks in rounds. A server that does not answer ends a round and not the sweeping: what was not looked at is left alone. */
public final class SweeperWorkflowImpl implements SweeperWorkflow {

    private static final Logger LOG = Workflow.getLogger(SweeperWorkflowImpl.class);

    /** Histories stay short: a round is some twenty events where nothing is found. */
    private static final int ROUNDS = 200;

    private final SweepActivities activities = Workflow.newActivityStub(
            SweepActivities.class,
            ActivityOptions.newBuilder()
                    .setTaskQueue(TaskQueues.CONTROL)
                    .setStartToCloseTimeout(Duration.ofMinutes(1))
                    .setRetryOptions(RetryOptions.newBuilder()
                            .setMaximumAttempts(3)
                            .setDoNotRetry(FailureKind.neverRetried())
                            .build())
                    .build());

    @Override
    public void sweep(Sweeping sweeping) {
        boolean tells = Workflow.getVersion("bereft", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
        for (int i = 0; i < ROUNDS; i++) {
            round(sweeping);
            if (tells) {
                tellBereft();
            }
            Workflow.sleep(sweeping.interval());
        }
        Workflow.continueAsNew(sweeping);
    }

    private void round(Sweeping sweeping) {
        try {
            List<WorkspaceId> suspects =
                    owners(activities.held()).stream().filter(this::abandoned).toList();
            if (!suspects.isEmpty()) {
                Workflow.sleep(sweeping.grace());
                remove(suspects.stream().filter(this::abandoned).toList());
            }
        } catch (ActivityFailure unanswered) {
            LOG.warn("A sweep was broken off and comes again", unanswered);
        }
    }

    /** Runs are told by watches as a rule; this is for what happened while there were none. */
    private void tellBereft() {
        try {
            int told = activities.tellBereft();
            if (told > 0) {
                LOG.warn("With the machines of {} workspaces something seems wrong; they look after them", told);
            }
        } catch (ActivityFailure unanswered) {
            LOG.warn("With whose machines something is wrong could not be found out; it is asked again", unanswered);
        }
    }

    /** What is held is asked again: an owner may hold other claims by now. */
    private void remove(List<WorkspaceId> abandoned) {
        activities.held().stream()
                .filter(claim -> abandoned.contains(claim.id()))
                .forEach(this::remove);
    }

    /** A claim that does not go at once is found again in the next round. */
    private void remove(NodeRequest claim) {
        try {
            boolean gone = activities.release(claim).gone();
            LOG.warn(
                    "Claim {} of {} was abandoned and is {}",
                    claim.number(),
                    claim.id().workflowId(),
                    gone ? "given back" : "being given back");
        } catch (ActivityFailure refused) {
            LOG.warn("An abandoned claim could not be given back and is asked for again: {}", claim, refused);
        }
    }

    private boolean abandoned(WorkspaceId id) {
        return activities.standing(id).abandoned();
    }

    private static List<WorkspaceId> owners(List<NodeRequest> claims) {
        return claims.stream().map(NodeRequest::id).distinct().toList();
    }
}
