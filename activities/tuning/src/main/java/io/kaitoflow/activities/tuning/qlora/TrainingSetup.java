package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningMethod;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is trained, on what, and how.
 *
 * @param recipe of the run
 * @param rows to train on, in the order of the data
 * @param batchDivisor 1, or more to send fewer rows through the model at once; a step still sees as many
 */
public record TrainingSetup(TrainingRecipe recipe, List<TokenisedRow> rows, int batchDivisor) {

    private static final String ALL_LINEAR = "all-linear";

    /** @throws TrainingException if the recipe asks for what is not done here, or no token is scored */
    public TrainingSetup {
        rows = List.copyOf(rows);
        if (recipe.lora().dropout() != 0) {
            throw new TrainingException.UnsupportedRecipe("lora_dropout is "
                    + recipe.lora().dropout() + ", but adapters are trained without dropout here. Set it to 0.");
        }
        if (rows.stream().noneMatch(row -> row.scoredTokens() > 0)) {
            throw new TrainingException.NothingToLearn(
                    "None of the " + rows.size()
                            + " training rows has a token that the loss asks for. Give rows with answers, or raise max_length.");
        }
    }

    /** Rows that go through the model together. */
    int microBatchRows() {
        return Math.max(1, recipe.optimiser().batchSize() / batchDivisor);
    }

    /** Where the adapters sit in a model of this shape. */
    public LoraLayout layout(ModelConfiguration model) {
        QloraRecipe lora = recipe.lora();
        try {
            return new LoraLayout(model, lora.rank(), lora.scaling(), targets(model));
        } catch (IllegalArgumentException e) {
            throw new TrainingException.UnsupportedRecipe(
                    e.getMessage() + ". Correct LoraConfig's r or target_modules.");
        }
    }

    private Set<String> targets(ModelConfiguration model) {
        List<String> asked = recipe.lora().targetModules();
        if (asked.isEmpty() || asked.contains(ALL_LINEAR)) {
            return model.linearParts().stream().map(LinearPart::shortName).collect(Collectors.toUnmodifiableSet());
        }
        return Set.copyOf(asked);
    }

    /**
     * The engine's type for the recipe's.
     *
     * @throws TrainingException.UnsupportedRecipe for float16, whose range gradients leave without loss scaling
     */
    public static ComputeType computeType(QloraRecipe recipe) {
        return switch (recipe.computeType()) {
            case BF16 -> ComputeType.BFLOAT16;
            case FP32 -> ComputeType.FLOAT32;
            case FP16 ->
                throw new TrainingException.UnsupportedRecipe(
                        "The recipe computes in float16, which needs loss scaling that is not done here. Use bfloat16.");
        };
    }

    /** The form of the frozen weights that a method and recipe ask for. */
    public static FrozenModel.Form form(TuningMethod method, QloraRecipe recipe) {
        return switch (method) {
            case LORA -> FrozenModel.Form.DENSE;
            case QLORA -> recipe.doubleQuantisation() ? FrozenModel.Form.NF4_DOUBLE_QUANTISED : FrozenModel.Form.NF4;
        };
    }
}
