package io.kaitoflow.worker.control.upgrade;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.Activity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The steps of all tuners, without any work: each is counted, and stays where its workspace stands until all may go on. */
final class PretendTuner implements DatasetActivities, TuningActivities, ImageActivities, ReportActivities {

    private static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));
    private static final DatasetReport ROWS = new DatasetReport(96, 0, 4000, 1500, 80, 0, 0, true, List.of());
    private static final long BEAT_MILLIS = 500;

    private final Map<String, Integer> calls = new ConcurrentSkipListMap<>();
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Nobody stays any longer. */
    void release() {
        goOn.countDown();
    }

    /** How often each step of each workspace was begun. */
    Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    @Override
    public FetchedInputs fetch(DatasetActivities.Input input) {
        begin(input.id(), "fetch", Stand.FETCHING);
        if (Stand.of(input.id().name()) == Stand.FAILED) {
            throw ActivityFailures.of(FailureKind.DATASET_INVALID, "Row 3 has no answer.", null);
        }
        return new FetchedInputs("/model", DIGEST, "/rows", DIGEST, ROWS);
    }

    @Override
    public AdapterArtifact tune(TuneInput input) {
        begin(input.id(), "tune", Stand.TUNING);
        return new AdapterArtifact("/adapter", DIGEST, 72, 0.5, 9000, 0);
    }

    @Override
    public Evaluation evaluate(EvaluateInput input) {
        begin(input.trained().id(), "evaluate", Stand.EVALUATING);
        return Evaluation.skipped();
    }

    @Override
    public PushedImage push(ImageActivities.Input input) {
        begin(input.id(), "push", Stand.PUBLISHING);
        ImageReference image = switch (input.target()) {
            case OutputTarget.Image target -> target.image();
            case OutputTarget.Volume _ -> ImageReference.parse("localhost/results");
        };
        return new PushedImage(image, DIGEST, image.registry());
    }

    @Override
    public AttachedReport attach(ReportActivities.Input input) {
        calls.merge(input.trained().id().name() + " report", 1, Integer::sum);
        return AttachedReport.missing("Nothing was trained.");
    }

    private void begin(WorkspaceId id, String step, Stand stand) {
        calls.merge(id.name() + " " + step, 1, Integer::sum);
        if (Stand.of(id.name()) != stand) {
            return;
        }
        try {
            do {
                Activity.getExecutionContext().heartbeat(TuningProgress.of(step, 0, 0));
            } while (!goOn.await(BEAT_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The drill ended", stopped);
        }
    }
}
