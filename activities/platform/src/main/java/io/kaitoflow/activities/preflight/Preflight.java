package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One look at everything that a run needs. It goes on after a finding: several mistakes are reported together. */
final class Preflight {

    private static final String DATA = "tuning.input";
    private static final String ADAPTERS = "inference.adapters";

    /** Says that something could not be looked at, and nothing about what it is. */
    private static final Set<FailureKind> UNSEEN = EnumSet.of(
            FailureKind.DATASET_UNAVAILABLE,
            FailureKind.DATASET_UNINSPECTED,
            FailureKind.MODEL_UNAVAILABLE,
            FailureKind.IMAGE_UNAVAILABLE,
            FailureKind.POD_NOT_PLACED,
            FailureKind.CLUSTER_REFUSED,
            FailureKind.UNSUPPORTED,
            FailureKind.INTERNAL);

    private final Surroundings surroundings;
    private final Input input;
    private final Consumer<String> waiting;
    private final List<Finding> findings = new ArrayList<>();
    private final List<ServedAdapter> adapters = new ArrayList<>();
    private Optional<DatasetReport> dataset = Optional.empty();

    /** @param waiting is told what is waited for when that takes long */
    Preflight(Surroundings surroundings, Input input, Consumer<String> waiting) {
        this.surroundings = surroundings;
        this.input = input;
        this.waiting = waiting;
    }

    PreflightReport look() {
        WorkspaceGoal goal = input.request().goal();
        if (goal.template().isEmpty()) {
            look(model(goal), () -> surroundings.model().check(input.plan().preset(), goal.model()));
        }
        switch (goal) {
            case WorkspaceGoal.ServeTemplate _ -> {}
            case WorkspaceGoal.Serve serve -> lookAt(serve.adapters());
            case WorkspaceGoal.Tune tune -> lookAt(tune.job());
            case WorkspaceGoal.TuneThenServe both -> lookAt(both.job());
        }
        look("resource.instanceType", () -> surroundings.machines().check(input));
        look(pods(input.request()), () -> surroundings.pods().check(input));
        if (goal.template().isEmpty() && findings.stream().noneMatch(Preflight::refuses)) {
            look(model(goal), () -> bring(goal));
        }
        return new PreflightReport(findings, dataset, adapters);
    }

    private static String model(WorkspaceGoal goal) {
        return "preset " + goal.model().preset();
    }

    private List<Finding> bring(WorkspaceGoal goal) {
        surroundings.model().bring(input.plan().preset(), goal.model());
        return List.of();
    }

    private static boolean refuses(Finding finding) {
        return finding.severity() == Severity.REFUSAL;
    }

    private static String pods(WorkspaceRequest request) {
        if (request.goal().template().isPresent()) {
            return "inference.template";
        }
        return request.serving().byVllm() ? "metadata.annotations[kaito.sh/runtime]" : "the image of its pods";
    }

    private void lookAt(List<AdapterReference> wanted) {
        wanted.forEach(adapter -> adapter.image().ifPresent(image -> find(adapter, image)));
        List<AdapterReference> inVolumes =
                wanted.stream().filter(adapter -> adapter.volume().isPresent()).toList();
        if (!inVolumes.isEmpty()) {
            AdapterTask task =
                    new AdapterTask(input.request().id(), input.plan().preset(), inVolumes);
            look(ADAPTERS, () -> inspect(task));
        }
    }

    /** Nothing is bought for other adapters of a server that stays. */
    private List<Finding> inspect(AdapterTask task) {
        return input.serverStays() && surroundings.volumes().seenByServer(task)
                ? List.of()
                : surroundings.volumes().inspect(task, waiting);
    }

    private void find(AdapterReference adapter, ImageReference image) {
        look("adapter " + adapter.name(), () -> {
            Digest digest = surroundings.adapters().find(input.request().id(), image, adapter.pullSecrets());
            adapters.add(new ServedAdapter(adapter.name(), image, digest, adapter.pullSecrets(), adapter.strength()));
            return List.of();
        });
    }

    private void lookAt(TuningJob job) {
        look(subject(job.output()), () -> surroundings.push().check(job.output()));
        job.recipe().lora().initialAdapter().ifPresent(image -> findInitial(image, job.output()));
        look(DATA, () -> inspect(job));
        dataset.ifPresent(report -> findings.addAll(new TrainingOutlook(input, job, report).findings()));
    }

    private List<Finding> inspect(TuningJob job) {
        InspectionAnswer seen = surroundings
                .dataset()
                .inspect(input.request().id(), job, input.plan().preset(), waiting);
        dataset = seen.dataset();
        return seen.findings();
    }

    private void look(String subject, Supplier<List<Finding>> check) {
        try {
            check.get().forEach(this::add);
        } catch (RuntimeException answer) {
            // A look that was broken off saw nothing, whatever its words are.
            if (!(answer instanceof Classified known) || Thread.currentThread().isInterrupted()) {
                throw answer;
            }
            add(new Finding(Severity.REFUSAL, known.kind(), subject, String.valueOf(answer.getMessage())));
        }
    }

    private void add(Finding finding) {
        boolean tolerated = finding.severity() == Severity.REFUSAL
                && (finding.subject().equals(DATA) || finding.subject().equals(ADAPTERS))
                && UNSEEN.contains(finding.kind())
                && input.request().terms().allowUninspected();
        findings.add(
                tolerated
                        ? new Finding(Severity.WARNING, finding.kind(), finding.subject(), finding.message())
                        : finding);
    }

    /** The secret that pushes the output also pulls what it begins from. */
    private void findInitial(ImageReference image, OutputTarget output) {
        List<SecretReference> secrets = switch (output) {
            case OutputTarget.Image target -> target.pushSecret().stream().toList();
            case OutputTarget.Volume _ -> List.of();
        };
        look("adapter that training begins from", () -> {
            surroundings.adapters().find(input.request().id(), image, secrets);
            return List.of();
        });
    }

    private static String subject(OutputTarget output) {
        return switch (output) {
            case OutputTarget.Image image -> image.image().toString();
            case OutputTarget.Volume _ -> "tuning.output.volumeSource";
        };
    }
}
