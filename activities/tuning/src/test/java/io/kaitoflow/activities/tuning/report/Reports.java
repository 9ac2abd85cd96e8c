package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities.TuneInput;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Trainings to report on. */
final class Reports {

    private static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));
    private static final ImageReference IMAGE = ImageReference.parse("registry.example.com/adapters/geo:1.0");
    private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");

    static final AdapterArtifact ADAPTER = new AdapterArtifact("/runs/1/adapter", DIGEST, 8, 0.5, 12_000, 2);

    private Reports() {}

    /** Resumed once on the same machine after step 2, and once on another after step 6. */
    static TrainingReport eventful() {
        Journey journey = new Journey(
                "run-1",
                START.plusSeconds(5400),
                Spending.none()
                        .begun(START, Optional.of(new BigDecimal("3.67")))
                        .ended(START.plusSeconds(3600))
                        .begun(START.plusSeconds(3600), Optional.of(new BigDecimal("3.67"))),
                Spending.none().begun(START.plusSeconds(600), Optional.of(new BigDecimal("3.67"))),
                List.of(
                        new TunerStart(1, "node-1", "sku-a", START.plusSeconds(600)),
                        new TunerStart(2, "node-1", "sku-a", START.plusSeconds(1200)),
                        new TunerStart(3, "node-2", "sku-b", START.plusSeconds(3700))),
                List.of(new Attempt("sku-b", "<script>alert(1)</script>", START, Optional.of("2"))),
                List.of("The machine ran out of memory with 4 rows at once; it goes on with 2."));
        Evaluation evaluation =
                new Evaluation(OptionalDouble.of(2.0), OptionalDouble.of(0.75), "answer loss on held-out rows");
        PushedImage image = new PushedImage(IMAGE, DIGEST, "https://registry.example.com");
        return of(curve(), Optional.of(new TrainingReport.Result(Optional.of(evaluation), image, journey)));
    }

    /** As it is written at the end of the training itself. */
    static TrainingReport unpushed() {
        return of(new LossCurve(List.of()), Optional.empty());
    }

    static TrainingReport of(LossCurve curve, Optional<TrainingReport.Result> result) {
        return new TrainingReport(
                trained(), ADAPTER, curve, result, new TrainingReport.Versions("0.1.0", "25", "2.7.1"));
    }

    static LossCurve longCurve(int steps) {
        return new LossCurve(IntStream.rangeClosed(1, steps)
                .mapToObj(step -> new LossCurve.Point(
                        step, 2.0 / step, OptionalDouble.empty(), 2e-4, 0.5, 900, step / 10 * 10, 1))
                .toList());
    }

    private static LossCurve curve() {
        return new LossCurve(List.of(
                point(1, 3.0, 0, 1),
                point(2, 2.5, 2, 1),
                point(3, 2.25, 2, 2),
                point(4, 2.0, 2, 2),
                point(5, 1.5, 2, 2),
                point(6, 1.25, 6, 2),
                new LossCurve.Point(7, 1.0, OptionalDouble.of(0.875), 2e-4, 0.25, 950, 6, 3),
                point(8, 0.5, 6, 3)));
    }

    private static LossCurve.Point point(long step, double loss, long checkpoint, int start) {
        return new LossCurve.Point(step, loss, OptionalDouble.empty(), 2e-4, 0.5, 900, checkpoint, start);
    }

    static TuneInput trained() {
        DatasetReport rows = new DatasetReport(
                1200,
                120,
                60_000,
                9000,
                512,
                3,
                2,
                true,
                List.of(),
                List.of(new DatasetReport.Band(64, 1100), new DatasetReport.Band(512, 100)));
        Preset preset = new Preset(
                "tiny",
                "llama",
                new ModelShape(2, 64, 4, 2, 16, 128, 256, true),
                512,
                List.of("q_proj"),
                List.of(),
                "Apache-2.0",
                false,
                true);
        TuningJob job = new TuningJob(
                new ModelReference("tiny", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Urls(List.of("https://example.com/rows.jsonl")),
                new OutputTarget.Image(IMAGE, Optional.empty()),
                TrainingRecipe.defaults());
        return new TuneInput(
                new WorkspaceId("team", "geo", "uid-1"),
                StepKey.of("00ff"),
                preset,
                job,
                new FetchedInputs("/models/tiny", DIGEST, "/datasets/1", DIGEST, rows),
                2,
                3);
    }
}
