package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.MemoryEstimate;
import io.kaitoflow.presets.RecipeAdvice;
import io.kaitoflow.presets.Throughput;
import io.kaitoflow.presets.TrainingTime;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What can be foreseen of a training once its rows are known.
 *
 * @param input request and plan
 * @param job what is trained
 * @param dataset its rows
 */
record TrainingOutlook(Input input, TuningJob job, DatasetReport dataset) {

    private static final String RECIPE = "tuning.config";

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        RecipeAdvice advice = advice();
        findings.add(note(size(advice)));
        findings.add(memory());
        machine().speed().ifPresent(speed -> findings.add(note(duration(advice, speed))));
        advice.warnings()
                .forEach(
                        text -> findings.add(new Finding(Severity.WARNING, FailureKind.INVALID_REQUEST, RECIPE, text)));
        return findings;
    }

    private RecipeAdvice advice() {
        OptimiserRecipe optimiser = job.recipe().optimiser();
        return new RecipeAdvice(
                dataset.rows() - dataset.heldOutRows(),
                optimiser.epochs(),
                optimiser.batchSize() * optimiser.accumulation(),
                optimiser.maxSteps().orElse(0),
                optimiser.learningRate(),
                job.recipe().lora().scaling());
    }

    private String size(RecipeAdvice advice) {
        return String.format(
                Locale.ROOT,
                "%,d rows with %,d tokens, %,d of them scored; training takes %,d optimiser steps.",
                dataset.rows(),
                dataset.tokens(),
                dataset.scoredTokens(),
                advice.steps());
    }

    /** The plan assumed a length; now the longest row is known. */
    private Finding memory() {
        MemoryEstimate estimate = JobMemory.tuning(
                job,
                input.plan().preset(),
                JobMemory.precision(input.plan().computeType()),
                Math.max(1, dataset.longestRow()),
                machine().gpus() == 0);
        MachineOption machine = machine();
        ByteSize memory = onOneDevice(machine);
        boolean unknown = memory.bytes() == 0;
        if (unknown || estimate.fits(memory)) {
            return note("Training needs about " + estimate.total()
                    + (unknown ? "." : " of the " + memory + " of " + machine.instanceType() + "."));
        }
        return new Finding(
                input.request().terms().bypassResourceChecks() ? Severity.WARNING : Severity.REFUSAL,
                FailureKind.MEMORY_TOO_SMALL,
                machine.instanceType(),
                "The longest row has " + dataset.longestRow() + " tokens: training needs " + estimate.total() + ", "
                        + estimate.shortfall(memory) + " more than there is: "
                        + estimate.explanation().replace("\n", "; ") + ".");
    }

    /** Arithmetic before the first step; the run itself says better after a few. */
    private String duration(RecipeAdvice advice, Throughput speed) {
        double tokens = (double) dataset.tokens() / dataset.rows() * advice.rowsPerStep() * advice.steps();
        TrainingTime time = new TrainingTime(input.plan().preset().shape(), tokens, speed);
        double hours = time.estimate().toMillis() / 3_600_000.0;
        String cost = machine()
                .hourlyUsd()
                .filter(price -> price.signum() > 0)
                .map(price -> String.format(Locale.ROOT, ", or %.2f USD", hours * price.doubleValue()))
                .orElse("");
        return "Training should take about " + inWords(time.estimate()) + cost + " on "
                + machine().instanceType() + ", estimated from " + time.explanation() + ".";
    }

    private static String inWords(Duration time) {
        if (time.toMinutes() < 2) {
            return Math.max(1, time.toSeconds()) + " s";
        }
        return time.toHours() < 2 ? time.toMinutes() + " min" : time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    /** Of the user's own nodes those that are there now. */
    private MachineOption machine() {
        return input.plan().expected().orElse(input.plan().machines().getFirst());
    }

    /** Zero where nobody knows: what a request for the user's own nodes says is what is needed, and not what there is. */
    private ByteSize onOneDevice(MachineOption machine) {
        if (machine.owned() && input.plan().expected().isEmpty()) {
            return ByteSize.ofBytes(0);
        }
        return ByteSize.ofBytes(machine.gpuMemory().bytes() / Math.max(1, machine.gpus()));
    }

    private static Finding note(String text) {
        // A note refuses nothing; the kind only says which part of the request it is about.
        return new Finding(Severity.NOTE, FailureKind.INVALID_REQUEST, RECIPE, text);
    }
}
