package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.translate.InferenceTranslator.Serving;
import io.kaitoflow.bridge.translate.TuningTranslator.Tuning;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import java.util.Objects;
import java.util.Optional;

/** Translates what a workspace asks for, with the rules that need more than one part of it. */
final class GoalTranslator {

    private final TuningTranslator tunings;
    private final InferenceTranslator inferences;
    private final MemoryRule memory;
    private final Annotations annotations;
    private final Findings findings;

    GoalTranslator(
            TuningTranslator tunings,
            InferenceTranslator inferences,
            MemoryRule memory,
            Annotations annotations,
            Findings findings) {
        this.tunings = tunings;
        this.inferences = inferences;
        this.memory = memory;
        this.annotations = annotations;
        this.findings = findings;
    }

    /** Empty only when something was refused or is missing. */
    Optional<WorkspaceGoal> translate(Workspace workspace, MachineRequest machines, Terms terms, ServingTerms how) {
        boolean tuning = workspace.getTuning() != null;
        if (tuning == (workspace.getInference() != null)) {
            findings.refuse(
                    tuning ? "inference" : "tuning",
                    "",
                    "must have exactly one of inference and tuning",
                    tuning
                            ? "A tuned model is served anyway: remove inference."
                            : "Say what is to be tuned or served.");
            return Optional.empty();
        }
        return tuning ? tune(workspace, machines, terms) : serve(workspace, machines, terms, how);
    }

    private Optional<WorkspaceGoal> serve(Workspace workspace, MachineRequest machines, Terms terms, ServingTerms how) {
        Optional<Serving> serving = inferences.translate(Objects.requireNonNull(workspace.getInference()));
        serving.filter(known -> !terms.bypassResourceChecks())
                .flatMap(Serving::preset)
                .ifPresent(preset -> memory.checkServing(preset, machines, how.byVllm()));
        return serving.map(Serving::goal);
    }

    private Optional<WorkspaceGoal> tune(Workspace workspace, MachineRequest machines, Terms terms) {
        boolean serve = annotations.flag(AnnotationName.SERVE_AFTER_TUNING, true);
        Optional<Tuning> tuning = tunings.translate(Objects.requireNonNull(workspace.getTuning()));
        tuning.ifPresent(known -> checkGate(known.job(), terms));
        tuning.filter(known -> !terms.bypassResourceChecks())
                .ifPresent(known -> memory.checkTuning(known.preset(), known.job(), machines));
        return tuning.map(Tuning::job)
                .map(job -> serve ? new WorkspaceGoal.TuneThenServe(job) : new WorkspaceGoal.Tune(job));
    }

    private void checkGate(TuningJob job, Terms terms) {
        if (terms.minimumImprovement().isPresent() && job.recipe().data().trainFraction() == 1) {
            annotations.refuse(
                    AnnotationName.MINIMUM_IMPROVEMENT,
                    "needs rows that are held out",
                    "Write DatasetConfig.train_test_split below 1, e.g. 0.9, or remove the annotation.");
        }
    }
}
