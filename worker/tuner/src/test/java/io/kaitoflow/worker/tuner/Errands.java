package io.kaitoflow.worker.tuner;

import io.kaitoflow.workflows.parking.CourierActivities;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** Single steps of a tuner, as a workspace's workflow asks for them; without retries, for what fails is to be seen. */
public final class Errands {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Errands() {}

    /** Pushes. */
    @WorkflowInterface
    public interface Push {

        @WorkflowMethod
        PushedImage run(ImageActivities.Input input);
    }

    /** Carries to where it is kept. */
    @WorkflowInterface
    public interface Carry {

        @WorkflowMethod
        void run(String queue, CourierActivities.Parcel parcel);
    }

    public static final class PushImpl implements Push {

        @Override
        public PushedImage run(ImageActivities.Input input) {
            return stub(ImageActivities.class, TaskQueues.tuner(input.id()), LONGEST)
                    .push(input);
        }
    }

    public static final class CarryImpl implements Carry {

        @Override
        public void run(String queue, CourierActivities.Parcel parcel) {
            stub(CourierActivities.class, queue, LONGEST).carry(parcel);
        }
    }

    /** Tried once. */
    static <T> T stub(Class<T> activities, String queue, Duration longest) {
        return Workflow.newActivityStub(
                activities,
                ActivityOptions.newBuilder()
                        .setTaskQueue(queue)
                        .setStartToCloseTimeout(longest)
                        .setHeartbeatTimeout(Duration.ofSeconds(30))
                        .setRetryOptions(
                                RetryOptions.newBuilder().setMaximumAttempts(1).build())
                        .build());
    }
}
