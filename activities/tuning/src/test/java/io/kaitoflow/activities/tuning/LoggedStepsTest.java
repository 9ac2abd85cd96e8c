package io.kaitoflow.activities.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.CadenceRecipe;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoggedStepsTest {

    @Test
    void theLogTellsAsManyStepsAsTheRecipeAsksForAndTheLast() {
        CadenceRecipe everyFour = new CadenceRecipe(4, 10, 0);

        assertThat(LongStream.rangeClosed(1, 10).filter(step -> TuningRuns.isLogged(step, 10, everyFour)))
                .containsExactly(4L, 8L, 10L);
    }
}
