package io.kaitoflow.workflows.workspace;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Requests and plans as tests need them. */
final class Samples {

    static final WorkspaceId ID = new WorkspaceId("default", "geo", "uid-1");
    static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));

    private Samples() {}

    static WorkspaceRequest tuneThenServe(String tag) {
        return new WorkspaceRequest(
                ID, new WorkspaceGoal.TuneThenServe(job(tag)), machines("sku-a", "sku-b"), Terms.none());
    }

    static WorkspaceRequest tune(String tag) {
        return new WorkspaceRequest(ID, new WorkspaceGoal.Tune(job(tag)), machines("sku-a", "sku-b"), Terms.none());
    }

    static WorkspaceRequest serve(String image) {
        var adapter = new AdapterReference("facts", ImageReference.parse(image), List.of(), 1.0);
        var goal = new WorkspaceGoal.Serve(new ModelReference("tiny", Optional.empty()), List.of(adapter));
        return new WorkspaceRequest(ID, goal, machines("sku-a"), Terms.none());
    }

    static WorkspaceRequest serveFromVolume(VolumeReference volume) {
        var adapter = new AdapterReference("facts", volume, 1.0);
        var goal = new WorkspaceGoal.Serve(new ModelReference("tiny", Optional.empty()), List.of(adapter));
        return new WorkspaceRequest(ID, goal, machines("sku-a"), Terms.none());
    }

    static WorkspaceRequest with(WorkspaceRequest request, Terms terms) {
        return new WorkspaceRequest(request.id(), request.goal(), request.machines(), terms, request.serving());
    }

    static WorkspaceRequest with(WorkspaceRequest request, TrainingRecipe recipe) {
        TuningJob job = request.goal().tuning().orElseThrow();
        var changed = new TuningJob(job.model(), job.method(), job.input(), job.output(), recipe);
        return new WorkspaceRequest(
                request.id(),
                new WorkspaceGoal.TuneThenServe(changed),
                request.machines(),
                request.terms(),
                request.serving());
    }

    /** The same with adapters of another rank. */
    static WorkspaceRequest ofRank(WorkspaceRequest request, int rank) {
        TrainingRecipe usual = TrainingRecipe.defaults();
        QloraRecipe lora = usual.lora();
        var other = new QloraRecipe(
                rank,
                lora.alpha(),
                lora.dropout(),
                lora.targetModules(),
                lora.rankStabilised(),
                lora.computeType(),
                lora.doubleQuantisation(),
                lora.initialAdapter());
        return with(request, new TrainingRecipe(other, usual.optimiser(), usual.data(), usual.cadence()));
    }

    /** Tunes with these rows at once, so many times a step. */
    static WorkspaceRequest batchOf(int rows, int times) {
        TrainingRecipe recipe = TrainingRecipe.defaults();
        OptimiserRecipe usual = recipe.optimiser();
        var optimiser = new OptimiserRecipe(
                usual.epochs(),
                usual.maxSteps(),
                rows,
                times,
                usual.learningRate(),
                usual.schedule(),
                usual.warmup(),
                usual.adam(),
                usual.maxGradientNorm(),
                usual.seed());
        TuningJob job = job("v1");
        return new WorkspaceRequest(
                ID,
                new WorkspaceGoal.Tune(new TuningJob(
                        job.model(),
                        job.method(),
                        job.input(),
                        job.output(),
                        new TrainingRecipe(recipe.lora(), optimiser, recipe.data(), recipe.cadence()))),
                machines("sku-a", "sku-b"),
                Terms.none());
    }

    /** Trains on what a ConfigMap held at some time. */
    static WorkspaceRequest tuneOn(VolumeReference.ConfigMap rows) {
        TuningJob job = job("v1");
        var onRows =
                new TuningJob(job.model(), job.method(), new DatasetSource.Volume(rows), job.output(), job.recipe());
        return new WorkspaceRequest(ID, new WorkspaceGoal.Tune(onRows), machines("sku-a"), Terms.none());
    }

    static WorkspaceRequest spot(WorkspaceRequest request, boolean spot) {
        MachineRequest machines = request.machines();
        return new WorkspaceRequest(
                request.id(),
                request.goal(),
                new MachineRequest(machines.instanceTypes(), 1, machines.labels(), List.of(), spot),
                request.terms());
    }

    /** Whatever needs another server is to be done while the one that stands answers. */
    static WorkspaceRequest surging(WorkspaceRequest request) {
        return new WorkspaceRequest(
                request.id(),
                request.goal(),
                request.machines(),
                request.terms(),
                new ServingTerms(false, false, Optional.empty(), true));
    }

    /** On these kinds of machines. */
    static WorkspaceRequest on(WorkspaceRequest request, String... types) {
        return new WorkspaceRequest(request.id(), request.goal(), machines(types), request.terms(), request.serving());
    }

    static Terms minimumImprovement(double minimum) {
        return new Terms(Optional.empty(), Optional.empty(), false, OptionalDouble.of(minimum), false, false);
    }

    static Terms releaseAfterTuning() {
        return new Terms(Optional.empty(), Optional.empty(), true, OptionalDouble.empty(), false, false);
    }

    static Terms budget(String usd) {
        return new Terms(
                Optional.of(new BigDecimal(usd)), Optional.empty(), false, OptionalDouble.empty(), false, false);
    }

    static Terms atMost(Duration time) {
        return new Terms(Optional.empty(), Optional.of(time), false, OptionalDouble.empty(), false, false);
    }

    static Terms servedFor(Duration time) {
        return new Terms(
                Optional.empty(), Optional.empty(), false, OptionalDouble.empty(), false, false, Optional.of(time));
    }

    static DesiredState desired(long version, WorkspaceRequest request) {
        return new DesiredState("f" + version, version, Optional.of(request), List.of());
    }

    static DesiredState deleted(long version) {
        return new DesiredState("deleted", version, Optional.empty(), List.of());
    }

    static ImageReference pushed(String tag) {
        return ImageReference.parse("registry.example.com/adapters/geo:" + tag);
    }

    static TuningJob job(String tag) {
        return new TuningJob(
                new ModelReference("tiny", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Urls(List.of("https://example.com/rows.jsonl")),
                new OutputTarget.Image(
                        ImageReference.parse("registry.example.com/adapters/geo:" + tag),
                        Optional.of(new SecretReference("push"))),
                TrainingRecipe.defaults());
    }

    static ImageReference image(OutputTarget target) {
        return switch (target) {
            case OutputTarget.Image pushed -> pushed.image();
            case OutputTarget.Volume _ -> ImageReference.parse("local/adapter");
        };
    }

    static NodeLease lease(NodeRequest request, boolean ready) {
        List<String> nodes = ready ? List.of("node-" + request.number()) : List.of();
        return new NodeLease("ws" + request.number(), request.option(), nodes, ready);
    }

    static MachineRequest machines(String... types) {
        return new MachineRequest(List.of(types), 1, Map.of("apps", "geo"), List.of(), false);
    }

    static WorkspacePlan plan(WorkspaceRequest request) {
        List<MachineOption> options = request.machines().instanceTypes().stream()
                .map(type -> new MachineOption(
                        type,
                        1,
                        ByteSize.ofGibibytes(24),
                        Optional.of(new BigDecimal("3.67")),
                        request.machines().spot()))
                .toList();
        return new WorkspacePlan(
                preset(),
                options,
                ByteSize.ofGibibytes(2),
                ByteSize.ofGibibytes(1),
                ComputeType.BF16,
                List.of("bf16 is native"));
    }

    static Preset preset() {
        return new Preset(
                "tiny",
                "llama",
                new ModelShape(2, 64, 4, 2, 16, 128, 256, true),
                512,
                List.of("q_proj"),
                List.of(),
                "Apache-2.0",
                false,
                true);
    }

    static DatasetReport rows() {
        return new DatasetReport(96, 0, 4000, 1500, 80, 0, 0, true, List.of("rows.jsonl:7, 80 tokens"));
    }
}
