package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.batches.Packing;
import io.kaitoflow.activities.tuning.batches.TrainingSequences;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeDevice;
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
 * @param rows to train on, in the order of the data; not copied, because they may lie in a file larger than the memory, so
 *     they must not change
 * @param heldOut rows that are only measured, likewise; may be empty
 * @param batchDivisor 1, or more to send fewer rows through the model at once; a step still sees as many
 */
public record TrainingSetup(
        TrainingRecipe recipe, List<TokenisedRow> rows, List<TokenisedRow> heldOut, int batchDivisor) {

    private static final String ALL_LINEAR = "all-linear";

    /** @throws TrainingException if the recipe asks for what is not done here, or no token is scored */
    public TrainingSetup {
        if (!(recipe.lora().dropout() >= 0 && recipe.lora().dropout() < 1)) {
            throw new TrainingException.UnsupportedRecipe(
                    "lora_dropout is " + recipe.lora().dropout() + "; it must be at least 0 and below 1.");
        }
        if (rows.stream().noneMatch(row -> row.scoredTokens() > 0)) {
            throw new TrainingException.NothingToLearn(
                    "None of the " + rows.size()
                            + " training rows has a token that the loss asks for. Give rows with answers, or raise max_length.");
        }
    }

    /** With nothing held out. */
    public TrainingSetup(TrainingRecipe recipe, List<TokenisedRow> rows, int batchDivisor) {
        this(recipe, rows, List.of(), batchDivisor);
    }

    /**
     * What goes through the model: the rows one by one, or packed into sequences of max_length tokens, or of the longest row's
     * where no max_length is given.
     */
    TrainingSequences sequences() {
        if (!recipe.data().packing()) {
            return TrainingSequences.alone(rows);
        }
        int longest = rows.stream().mapToInt(TokenisedRow::length).max().orElseThrow();
        return Packing.of(rows, recipe.data().maxLength().orElse(longest));
    }

    /** Sequences that go through the model together. */
    public int microBatchRows() {
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
     * The engine's type for the recipe's. What has no kernels for bfloat16 computes in something else: a GPU in float16, a
     * processor, which is slow in that too, in float32, which holds all values of both.
     *
     * @throws io.kaitoflow.inference.tensor.TensorException if the device is a GPU and there is none
     */
    public static ComputeType computeType(QloraRecipe recipe, ComputeDevice device) {
        ComputeType otherwise = device == ComputeDevice.CPU ? ComputeType.FLOAT32 : ComputeType.FLOAT16;
        return switch (recipe.computeType()) {
            case BF16 -> device.multipliesBfloat16() ? ComputeType.BFLOAT16 : otherwise;
            case FP16 -> otherwise;
            case FP32 -> ComputeType.FLOAT32;
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
