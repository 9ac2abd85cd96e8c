package io.kaitoflow.gateway;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** A run that has one thing done by a tuner, once. */
@WorkflowInterface
public interface Errand {

    /** Returns what the tuner of this workspace answers. */
    @WorkflowMethod
    String run(String uid);

    /** What a tuner does. */
    @ActivityInterface
    interface Work {

        String fetch(String what);
    }

    /** Asks once: what is lost is lost. */
    final class Impl implements Errand {

        @Override
        public String run(String uid) {
            return Workflow.newActivityStub(
                            Work.class,
                            ActivityOptions.newBuilder()
                                    .setTaskQueue("tuner/" + uid)
                                    .setStartToCloseTimeout(Duration.ofMinutes(10))
                                    .setHeartbeatTimeout(Duration.ofMinutes(2))
                                    .setRetryOptions(RetryOptions.newBuilder()
                                            .setMaximumAttempts(1)
                                            .build())
                                    .build())
                    .fetch("rows");
        }
    }
}
