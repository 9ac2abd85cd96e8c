package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One look at everything that a run needs. It goes on after a finding: several mistakes are reported together. */
final class Preflight {

    private final Surroundings surroundings;
    private final Input input;
    private final List<Finding> findings = new ArrayList<>();
    private Optional<DatasetReport> dataset = Optional.empty();

    Preflight(Surroundings surroundings, Input input) {
        this.surroundings = surroundings;
        this.input = input;
    }

    PreflightReport look() {
        WorkspaceGoal goal = input.request().goal();
        look(
                "preset " + goal.model().preset(),
                () -> surroundings.model().check(input.plan().preset(), goal.model()));
        switch (goal) {
            case WorkspaceGoal.Serve serve -> serve.adapters().forEach(this::lookAt);
            case WorkspaceGoal.Tune tune -> lookAt(tune.job());
            case WorkspaceGoal.TuneThenServe both -> lookAt(both.job());
        }
        return new PreflightReport(findings, dataset);
    }

    private void lookAt(AdapterReference adapter) {
        look("adapter " + adapter.name(), () -> surroundings.adapters().check(adapter));
    }

    private void lookAt(TuningJob job) {
        look(subject(job.output()), () -> surroundings.push().check(job.output()));
        job.recipe().lora().initialAdapter().ifPresent(image -> lookAt(initial(image, job.output())));
        look("tuning.input", () -> inspect(job));
        dataset.ifPresent(report -> findings.addAll(new TrainingOutlook(input, job, report).findings()));
    }

    private List<Finding> inspect(TuningJob job) {
        DatasetInspection.Inspection seen =
                surroundings.dataset().inspect(job, input.plan().preset());
        dataset = seen.report();
        return seen.findings();
    }

    private void look(String subject, Supplier<List<Finding>> check) {
        try {
            check.get().forEach(this::add);
        } catch (RuntimeException answer) {
            if (!(answer instanceof Classified known)) {
                throw answer;
            }
            add(new Finding(Severity.REFUSAL, known.kind(), subject, String.valueOf(answer.getMessage())));
        }
    }

    private void add(Finding finding) {
        boolean tolerated = finding.severity() == Severity.REFUSAL
                && finding.kind() == FailureKind.DATASET_UNAVAILABLE
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
