package io.kaitoflow.worker.tuner;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.kaitoflow.workflows.workspace.StepKey;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** The three steps of a tuner in a row, as a workspace's workflow asks for them. */
@WorkflowInterface
public interface TuneAndPush {

    @WorkflowMethod
    PushedImage run(WorkspaceId id, Preset preset, TuningJob job);

    /** Without retries: what fails is to be seen. */
    final class Impl implements TuneAndPush {

        @Override
        public PushedImage run(WorkspaceId id, Preset preset, TuningJob job) {
            String queue = TaskQueues.tuner(id);
            FetchedInputs inputs =
                    stub(DatasetActivities.class, queue).fetch(new DatasetActivities.Input(id, preset, job));
            AdapterArtifact adapter = stub(TuningActivities.class, queue)
                    .tune(new TuningActivities.TuneInput(id, StepKey.of("00ff"), preset, job, inputs, 1));
            return stub(ImageActivities.class, queue)
                    .push(new ImageActivities.Input(id, adapter, preset.name(), job.output(), true));
        }

        private static <T> T stub(Class<T> activities, String queue) {
            return Workflow.newActivityStub(
                    activities,
                    ActivityOptions.newBuilder()
                            .setTaskQueue(queue)
                            .setStartToCloseTimeout(Duration.ofMinutes(10))
                            .setHeartbeatTimeout(Duration.ofSeconds(30))
                            .setRetryOptions(RetryOptions.newBuilder()
                                    .setMaximumAttempts(1)
                                    .build())
                            .build());
        }
    }
}
