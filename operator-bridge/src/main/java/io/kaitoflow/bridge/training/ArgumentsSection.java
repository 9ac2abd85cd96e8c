package io.kaitoflow.bridge.training;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import io.kaitoflow.workflows.request.OptimiserRecipe.Schedule;
import io.kaitoflow.workflows.request.OptimiserRecipe.Warmup;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** Reads what {@code TrainingArguments} says about steps, rate and cadence. */
record ArgumentsSection(Section section, Findings findings) {

    private static final Path RESULTS = Path.of("/mnt");

    /** Optimisers whose arithmetic is AdamW's in 32 bits; they differ in where the moments lie. */
    private static final Map<String, String> OPTIMISERS = Map.of(
            "adamw_torch",
            "",
            "adamw_torch_fused",
            "",
            "adamw_hf",
            "",
            "adamw_bnb_32bit",
            "",
            "paged_adamw_32bit",
            "",
            "paged_adamw",
            "");

    OptimiserRecipe optimiser() {
        OptimiserRecipe usual = OptimiserRecipe.defaults();
        section.choice("optim", "", OPTIMISERS);
        checkOutput();
        return new OptimiserRecipe(
                section.number("num_train_epochs", usual.epochs(), epochs -> epochs > 0, "must be above 0"),
                maxSteps(),
                section.whole("per_device_train_batch_size", usual.batchSize(), 1),
                section.whole("gradient_accumulation_steps", usual.accumulation(), 1),
                section.number(
                        "learning_rate", usual.learningRate(), rate -> rate > 0 && rate < 1, "must be between 0 and 1"),
                section.choice("lr_scheduler_type", usual.schedule(), Section.lowerCaseNames(Schedule.values())),
                warmup(usual.warmup()),
                adam(usual.adam()),
                section.number("max_grad_norm", usual.maxGradientNorm(), norm -> norm >= 0, "must be at least 0"),
                section.whole("seed", (int) usual.seed(), 0));
    }

    CadenceRecipe cadence() {
        CadenceRecipe usual = CadenceRecipe.defaults();
        String strategy =
                section.choice("save_strategy", "steps", Map.of("steps", "steps", "epoch", "epoch", "no", "no"));
        if (!strategy.equals("steps")) {
            findings.note(section.pathOf("save_strategy") + " \"" + strategy
                    + "\": checkpoints are written by steps all the same, so that a lost machine loses little.");
        }
        return new CadenceRecipe(
                section.whole("logging_steps", usual.loggingSteps(), 1),
                section.whole("save_steps", usual.saveSteps(), 1),
                section.whole("eval_steps", usual.evaluationSteps(), 0));
    }

    /** The Python libraries write -1 for "no limit". */
    private OptionalInt maxSteps() {
        OptionalInt steps = section.whole("max_steps", -1);
        return steps.isPresent() && steps.getAsInt() > 0 ? steps : OptionalInt.empty();
    }

    private Warmup warmup(Warmup usual) {
        double ratio =
                section.number("warmup_ratio", usual.ratio(), share -> share >= 0 && share <= 1, "must be from 0 to 1");
        OptionalInt steps = section.whole("warmup_steps", 0);
        return new Warmup(ratio, steps);
    }

    private Adam adam(Adam usual) {
        String rule = "must be at least 0 and below 1";
        return new Adam(
                section.number("adam_beta1", usual.beta1(), beta -> beta >= 0 && beta < 1, rule),
                section.number("adam_beta2", usual.beta2(), beta -> beta >= 0 && beta < 1, rule),
                section.number("adam_epsilon", usual.epsilon(), epsilon -> epsilon > 0, "must be above 0"),
                section.number("weight_decay", usual.weightDecay(), decay -> decay >= 0, "must be at least 0"));
    }

    private void checkOutput() {
        section.text("output_dir")
                .filter(folder -> !insideResults(folder))
                .ifPresent(folder ->
                        section.refuse("output_dir", "is outside /mnt", "Write /mnt/results, or remove the key."));
    }

    private static boolean insideResults(String folder) {
        // Path.startsWith compares whole names, so /mntx is outside.
        return folder.indexOf('\0') < 0 && Path.of(folder).normalize().startsWith(RESULTS);
    }
}
