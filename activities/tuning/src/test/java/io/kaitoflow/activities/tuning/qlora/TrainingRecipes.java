package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;
import io.kaitoflow.workflows.request.OptimiserRecipe.Schedule;
import io.kaitoflow.workflows.request.OptimiserRecipe.Warmup;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.util.Optional;
import java.util.OptionalInt;

/** Recipes of the reference runs. */
final class TrainingRecipes {

    private TrainingRecipes() {}

    /** Single rows in the order of the data at a constant 2e-4, clipped at 1. */
    static TrainingRecipe constant(QloraRecipe lora, int steps) {
        return new TrainingRecipe(
                lora,
                new OptimiserRecipe(
                        1,
                        OptionalInt.of(steps),
                        1,
                        1,
                        2e-4,
                        Schedule.CONSTANT,
                        new Warmup(0, OptionalInt.empty()),
                        Adam.defaults(),
                        1.0,
                        42),
                inOrder(),
                CadenceRecipe.defaults());
    }

    private static DataRecipe inOrder() {
        return new DataRecipe(
                Optional.empty(),
                Optional.empty(),
                DataRecipe.Columns.usual(),
                false,
                0,
                1.0,
                OptionalInt.empty(),
                false,
                true,
                Optional.empty());
    }
}
