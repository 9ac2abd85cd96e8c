package io.kaitoflow.worker.tuner;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The steps of a tuner in a row, as a workspace's workflow asks for them. */
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
            var trained = new TuningActivities.TuneInput(id, StepKey.of("00ff"), preset, job, inputs, 1, 1);
            AdapterArtifact adapter = stub(TuningActivities.class, queue).tune(trained);
            PushedImage pushed = stub(ImageActivities.class, queue)
                    .push(new ImageActivities.Input(id, adapter, preset.name(), job.output(), true));
            var told = new ReportActivities.Input(trained, adapter, Optional.empty(), pushed, journey());
            // As if the first answer had been lost.
            stub(ReportActivities.class, queue).attach(told);
            stub(ReportActivities.class, queue).attach(told);
            return pushed;
        }

        private static Journey journey() {
            TunerStart start = new TunerStart(1, "this machine", "local", Instant.EPOCH);
            return new Journey(
                    "run-1", Instant.EPOCH, Spending.none(), Spending.none(), List.of(start), List.of(), List.of());
        }

        private static <T> T stub(Class<T> activities, String queue) {
            return Errands.stub(activities, queue, Duration.ofMinutes(10));
        }
    }
}
