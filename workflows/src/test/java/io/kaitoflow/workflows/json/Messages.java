package io.kaitoflow.workflows.json;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ComputeCapability;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.CourierActivities;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.OwnNeed;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingLimits;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.ServingSpeed;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.status.Owed;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.Phases;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.sweep.SweepActivities;
import io.kaitoflow.workflows.sweep.Sweeping;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.kaitoflow.workflows.workspace.WorkspaceInput;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What goes through Temporal, every component filled. What people wish for is in {@link WishMessages}. */
final class Messages {

    static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));
    static final ImageReference IMAGE = ImageReference.parse("registry.example.com/adapters/geo:1.0");

    private static final DatasetReport ROWS = new DatasetReport(
            96,
            10,
            4000,
            1500,
            80,
            3,
            1,
            false,
            List.of("rows.jsonl:7, 80 tokens"),
            List.of(new DatasetReport.Band(64, 90), new DatasetReport.Band(128, 6)),
            List.of("rows.jsonl", "more.jsonl"));
    private static final MachineOption MACHINE =
            new MachineOption("sku-a", 1, ByteSize.ofGibibytes(24), Optional.of(new BigDecimal("3.670")), true).in("2");
    private static final NodeLease LEASE = new NodeLease(
            "ws-geo-1",
            MACHINE,
            List.of("node-0"),
            true,
            Optional.of("A node."),
            Optional.of("place 3 of 5"),
            Optional.of("node-0 has a GPU."));
    private static final MachineOption OWN = MachineOption.own(
            ByteSize.ofGibibytes(9), new OwnNeed(true, Optional.of(new ComputeCapability(8, 0)), OptionalInt.of(8)));
    private static final NodeRequest CLAIM = new NodeRequest(WishMessages.ID, MACHINE, WishMessages.machines(), 3);
    private static final FetchedInputs INPUTS = new FetchedInputs("/models/tiny", DIGEST, "/datasets/1", DIGEST, ROWS);
    private static final AdapterArtifact ADAPTER = new AdapterArtifact("/runs/1", DIGEST, 72, 0.0013, 12_000, 2);
    static final PushedImage PUSHED = new PushedImage(IMAGE.withDigest(DIGEST), DIGEST, "registry.example.com");
    private static final ServedAdapter SERVED =
            new ServedAdapter("geo", IMAGE, DIGEST, List.of(new SecretReference("pull")), 0.5);
    private static final ServedAdapter IN_VOLUME =
            new ServedAdapter("law", new VolumeReference.HostPath("/srv/adapters"), 1);
    static final Evaluation EVALUATION = new Evaluation(OptionalDouble.of(2.1), OptionalDouble.of(0.4), "answer loss");
    private static final Endpoint ENDPOINT = new Endpoint(
                    "http://127.0.0.1:5000", "geo", Optional.of("The new server does not answer."), List.of())
            .with(new ServingSpeed(32, Duration.ofMillis(250)));

    private static final AttachedReport REPORT =
            new AttachedReport(Optional.of(DIGEST), true, "The training report is attached.");

    private Messages() {}

    static Stream<Object> all() {
        return Stream.of(WishMessages.all(), inputs(), answers(), snapshots(), sweeps())
                .flatMap(messages -> messages);
    }

    private static Stream<Object> inputs() {
        var trained = new TuningActivities.TuneInput(
                WishMessages.ID, StepKey.of("00ff"), preset(), WishMessages.job(), INPUTS, 2, 3);
        return Stream.of(
                WorkspaceInput.first(WishMessages.ID, true),
                new PreflightActivities.Input(WishMessages.request(), plan()),
                CLAIM,
                new RolloutActivities.TunerInput(
                        WishMessages.ID, LEASE, 4, Optional.of(WishMessages.job()), ByteSize.ofGibibytes(3)),
                roll(),
                new RolloutActivities.PusherInput(WishMessages.ID, 5, WishMessages.job()),
                new ParkingActivities.Input(
                        WishMessages.ID, ADAPTER, WishMessages.job().output()),
                receipt(),
                new CourierActivities.Parcel(ADAPTER, "http://10.0.0.7:5000"),
                new DatasetActivities.Input(WishMessages.ID, preset(), WishMessages.job()),
                trained,
                new TuningActivities.EvaluateInput(trained, ADAPTER),
                new ImageActivities.Input(
                        WishMessages.ID, ADAPTER, "tiny", WishMessages.job().output(), false),
                new OutputActivities.Input(WishMessages.ID, WishMessages.job().output(), PUSHED),
                new OutputActivities.Move(
                        WishMessages.ID,
                        PUSHED,
                        ADAPTER,
                        "tiny",
                        WishMessages.job().output(),
                        true),
                new OutputActivities.Shelf(WishMessages.ID, WishMessages.job().output()),
                new ReportActivities.Input(trained, ADAPTER, Optional.of(EVALUATION), PUSHED, journey()));
    }

    private static Stream<Object> answers() {
        return Stream.of(
                plan(),
                report(),
                LEASE,
                new TunerHandle("tuner/uid-1", "pid 12"),
                new TunerEnd(true, "The tuner ended with exit code 137.", true),
                INPUTS,
                ADAPTER,
                EVALUATION,
                Evaluation.skipped(),
                PUSHED,
                new Berth(
                        "PersistentVolumeClaim geo-parked",
                        "/mnt/parked/1",
                        "retry pushes it",
                        Optional.of("http://10.0.0.7:5000")),
                ENDPOINT,
                new Release(false, "It is drained."),
                new OutputActivities.Finding(OutputActivities.Presence.UNKNOWN, "Nobody answers."),
                REPORT,
                AttachedReport.missing("Nobody answers."),
                TuningProgress.of("fetching", 1, 2),
                progress());
    }

    private static Stream<Object> snapshots() {
        return Phases.ofEveryKind().stream().map(Messages::snapshot);
    }

    private static TuningProgress progress() {
        return new TuningProgress(
                "tuning",
                12,
                72,
                0.5,
                OptionalDouble.of(1.25),
                OptionalDouble.of(880),
                Optional.of(Duration.ofSeconds(90, 500)),
                10);
    }

    private static Stream<Object> sweeps() {
        return Stream.of(Sweeping.standard(), new SweepActivities.Standing(true, false));
    }

    private static WorkspaceSnapshot snapshot(Phase phase) {
        return new WorkspaceSnapshot(
                WishMessages.ID,
                "f1",
                phase,
                List.of(new Phase.Accepted()),
                Optional.of(report()),
                List.of("node-0"),
                List.of(attempt()),
                Optional.of(ADAPTER),
                Optional.of(EVALUATION),
                Optional.of(PUSHED),
                Optional.of(ENDPOINT),
                2,
                List.of("bf16 is native"),
                Optional.of("run-1"),
                Optional.of(account()),
                List.of(new Owed("server", Optional.of(Instant.EPOCH), Optional.of("It is drained."))),
                Optional.of("00ff"),
                Optional.of("Made by an earlier run."),
                Optional.of("The order \"stop\" is none."),
                Optional.of(REPORT),
                Optional.of(receipt().result()),
                Optional.of(new Surging(true, Optional.of("There was no second machine."))));
    }

    private static RolloutActivities.RollInput roll() {
        return new RolloutActivities.RollInput(
                WishMessages.ID,
                LEASE,
                preset(),
                List.of(SERVED, IN_VOLUME),
                Optional.of(new SecretReference("hub")),
                ByteSize.ofGibibytes(2),
                new ServingLimits(OptionalInt.of(2048), OptionalInt.empty(), OptionalInt.of(8)),
                new ServingTerms(true, true),
                Optional.of("{\"spec\":{}}"),
                Optional.of(LEASE));
    }

    private static Receipt receipt() {
        var parked = new ParkedAdapter(ADAPTER, "PersistentVolumeClaim geo-parked", "retry pushes it");
        return new Receipt(WishMessages.ID, StepKey.of("00ff"), EVALUATION, parked);
    }

    private static Journey journey() {
        return new Journey(
                "run-1",
                Instant.parse("2026-01-02T03:04:05.678Z"),
                account().spending(),
                Spending.none(),
                List.of(new TunerStart(1, "node-0", "sku-a", Instant.EPOCH)),
                List.of(attempt()),
                List.of("It goes on with 2 rows."));
    }

    private static Attempt attempt() {
        return new Attempt("sku-a", "No quota.", Instant.parse("2026-01-02T03:04:05.678Z"), Optional.of("2"));
    }

    private static Account account() {
        Spending spending = Spending.none()
                .begun(Instant.EPOCH, Optional.of(new BigDecimal("3.670")))
                .ended(Instant.EPOCH.plusSeconds(60))
                .begun(Instant.EPOCH.plusSeconds(90), Optional.of(new BigDecimal("3.670")));
        return new Account(spending, Optional.of(new BigDecimal("10.5")), Optional.of("A bound is near."));
    }

    private static PreflightReport report() {
        var finding = new Finding(
                Finding.Severity.WARNING, FailureKind.DATASET_INVALID, "rows.jsonl:7", "The row has no answer.");
        return new PreflightReport(List.of(finding), Optional.of(ROWS), List.of(SERVED));
    }

    private static WorkspacePlan plan() {
        return new WorkspacePlan(
                preset(),
                List.of(MACHINE, OWN),
                ByteSize.ofGibibytes(2),
                ByteSize.ofGibibytes(1),
                ComputeType.BF16,
                List.of("bf16 is native"),
                Optional.of(MACHINE));
    }

    private static Preset preset() {
        var pinned = new ModelSource.File("model.gguf", Optional.of(DIGEST));
        return new Preset(
                "tiny",
                "llama",
                new ModelShape(2, 64, 4, 2, 16, 128, 256, true),
                512,
                List.of("q_proj"),
                List.of(
                        new ModelSource.Hub("owner/name", "main", List.of(pinned)),
                        new ModelSource.Registry(IMAGE),
                        new ModelSource.PythonWheel("wheel", "1.0", DIGEST, pinned, ByteSize.ofGibibytes(1))),
                "Apache-2.0",
                true,
                true);
    }
}
