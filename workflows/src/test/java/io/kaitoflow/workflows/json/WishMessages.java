package io.kaitoflow.workflows.json;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.EarlierOutput;
import io.kaitoflow.workflows.request.Extension;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingRuntime;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.Verb;
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
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What people wish for, with every kind of goal, source and output. */
final class WishMessages {

    static final WorkspaceId ID = new WorkspaceId("default", "geo", "uid-1");

    private static final SecretReference SECRET = new SecretReference("login");
    private static final ModelReference MODEL = new ModelReference("tiny", Optional.of(SECRET));

    private WishMessages() {}

    static Stream<Object> all() {
        Stream<Object> goals = goals().map(WishMessages::desired);
        Stream<Object> verbs = Stream.of(Verb.Action.values()).map(action -> new Verb(action, 7, "asked for"));
        return Stream.concat(
                Stream.concat(goals, verbs),
                Stream.of(
                        ID,
                        request(),
                        Order.next(Verb.Action.PAUSE, "asked for"),
                        Order.extend(Optional.of(new BigDecimal("40.5")), Optional.of(BigDecimal.TEN), "asked for"),
                        new Verb(
                                Verb.Action.EXTEND,
                                8,
                                "asked for",
                                Optional.of(new Extension(
                                        Optional.of(new BigDecimal("40.5")), Optional.of(Duration.ofHours(10))))),
                        new DesiredState("gone", 9, Optional.empty(), List.of())));
    }

    static WorkspaceRequest request() {
        return request(new WorkspaceGoal.TuneThenServe(job()));
    }

    static TuningJob job() {
        return job(sources().getFirst(), outputs().getFirst());
    }

    static MachineRequest machines() {
        return new MachineRequest(List.of("sku-a", "sku-b"), 1, Map.of("apps", "geo"), List.of("node-7"), true);
    }

    private static Stream<WorkspaceGoal> goals() {
        var adapter = new AdapterReference("facts", Messages.IMAGE, List.of(SECRET), 0.5);
        var inVolume = new AdapterReference("law", new VolumeReference.Claim("adapters"), 1);
        Stream<WorkspaceGoal> tunes = sources().stream()
                .flatMap(source -> outputs().stream().map(output -> new WorkspaceGoal.Tune(job(source, output))));
        return Stream.concat(
                tunes,
                Stream.of(
                        new WorkspaceGoal.Serve(MODEL, List.of(adapter, inVolume)),
                        new WorkspaceGoal.ServeTemplate("{\"spec\":{}}"),
                        new WorkspaceGoal.TuneThenServe(job())));
    }

    private static List<DatasetSource> sources() {
        return List.of(
                new DatasetSource.Urls(List.of("https://example.com/rows.jsonl")),
                new DatasetSource.OciImage(Messages.IMAGE.withDigest(Messages.DIGEST), List.of(SECRET)),
                new DatasetSource.Volume(new VolumeReference.Claim("rows")),
                new DatasetSource.Volume(new VolumeReference.ConfigMap("rows")),
                new DatasetSource.Volume(new VolumeReference.ConfigMap("rows", Optional.of("ab12"))),
                new DatasetSource.Volume(new VolumeReference.HostPath("/data/rows")));
    }

    private static List<OutputTarget> outputs() {
        return List.of(
                new OutputTarget.Image(Messages.IMAGE, Optional.of(SECRET)),
                new OutputTarget.Volume(new VolumeReference.Claim("results")));
    }

    private static DesiredState desired(WorkspaceGoal goal) {
        return new DesiredState(
                "f1",
                4711,
                Optional.of(request(goal)),
                List.of(
                        new Verb(Verb.Action.PAUSE, 1, "kaito.sh/paused=true"),
                        new Verb(Verb.Action.CANCEL, 1, "kaito.sh/cancel=1")),
                Optional.of(new EarlierOutput(Messages.PUSHED, "00ff", Optional.of(Messages.EVALUATION))),
                Optional.of(new DesiredState.Reading(4711, 9000)));
    }

    private static WorkspaceRequest request(WorkspaceGoal goal) {
        var terms = new Terms(
                Optional.of(new BigDecimal("12.50")),
                Optional.of(Duration.ofHours(3)),
                true,
                OptionalDouble.of(0.25),
                true,
                true,
                Optional.of(Duration.ofHours(8)));
        var serving = new ServingTerms(true, true, Optional.of(ServingRuntime.VLLM), true, Optional.of(SECRET));
        return new WorkspaceRequest(ID, goal, machines(), terms, serving);
    }

    private static TuningJob job(DatasetSource source, OutputTarget output) {
        return new TuningJob(MODEL, TuningMethod.QLORA, source, output, recipe());
    }

    private static TrainingRecipe recipe() {
        return new TrainingRecipe(
                new QloraRecipe(
                        16,
                        32,
                        0.1,
                        List.of("q_proj", "v_proj"),
                        true,
                        ComputeType.FP32,
                        false,
                        Optional.of(ImageReference.parse("registry.example.com/team/adapter:1"))),
                optimiser(),
                data(),
                new CadenceRecipe(5, 20, 40));
    }

    private static OptimiserRecipe optimiser() {
        return new OptimiserRecipe(
                1.5,
                OptionalInt.of(100),
                4,
                2,
                1e-3,
                OptimiserRecipe.Schedule.COSINE,
                new OptimiserRecipe.Warmup(0.1, OptionalInt.of(6)),
                OptimiserRecipe.Adam.defaults(),
                0.3,
                17);
    }

    private static DataRecipe data() {
        return new DataRecipe(
                Optional.of("train"),
                Optional.of("jsonl"),
                new DataRecipe.Columns(Optional.of("chat"), Optional.of("before"), Optional.of("after")),
                false,
                7,
                0.9,
                OptionalInt.of(512),
                true,
                false,
                Optional.of("{{ messages }}"));
    }
}
