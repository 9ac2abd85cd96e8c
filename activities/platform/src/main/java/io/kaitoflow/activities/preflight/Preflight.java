package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
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

    /** Says that the data could not be looked at, and nothing about what it is. */
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
        look(
                "preset " + goal.model().preset(),
                () -> surroundings.model().check(input.plan().preset(), goal.model()));
        switch (goal) {
            case WorkspaceGoal.Serve serve -> serve.adapters().forEach(adapter -> find(adapter, adapters::add));
            case WorkspaceGoal.Tune tune -> lookAt(tune.job());
            case WorkspaceGoal.TuneThenServe both -> lookAt(both.job());
        }
        return new PreflightReport(findings, dataset, adapters);
    }

    private void find(AdapterReference adapter, Consumer<ServedAdapter> found) {
        look("adapter " + adapter.name(), () -> {
            Digest digest = surroundings.adapters().find(input.request().id(), adapter);
            found.accept(new ServedAdapter(
                    adapter.name(), adapter.image(), digest, adapter.pullSecrets(), adapter.strength()));
            return List.of();
        });
    }

    private void lookAt(TuningJob job) {
        look(subject(job.output()), () -> surroundings.push().check(job.output()));
        job.recipe().lora().initialAdapter().ifPresent(image -> find(initial(image, job.output()), notServed -> {}));
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
                && finding.subject().equals(DATA)
                && UNSEEN.contains(finding.kind())
                && input.request().terms().allowUninspected();
        findings.add(
                tolerated
                        ? new Finding(Severity.WARNING, finding.kind(), finding.subject(), finding.message())
                        : finding);
    }

    /** The secret that pushes the output also pulls what it begins from. */
    private static AdapterReference initial(ImageReference image, OutputTarget output) {
        List<SecretReference> secrets = switch (output) {
            case OutputTarget.Image target -> target.pushSecret().stream().toList();
            case OutputTarget.Volume _ -> List.of();
        };
        return new AdapterReference("that training begins from", image, secrets, 1);
    }

    private static String subject(OutputTarget output) {
        return switch (output) {
            case OutputTarget.Image image -> image.image().toString();
            case OutputTarget.Volume _ -> "tuning.output.volumeSource";
        };
    }
}
