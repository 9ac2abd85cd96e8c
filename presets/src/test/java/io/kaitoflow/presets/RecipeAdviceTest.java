package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecipeAdviceTest {

    @Test
    void theRecipeThatLearnedNothingIsWarnedOf() {
        RecipeAdvice advice = new RecipeAdvice(96, 3, 8, 0, 2e-4, 1);

        assertThat(advice.steps()).isEqualTo(36);
        assertThat(advice.warnings()).singleElement().asString().contains("36 optimiser steps", "hardly learn");
    }

    @Test
    void theRecipeThatLearnedTwoThirdsIsDoubted() {
        assertThat(new RecipeAdvice(48, 4, 8, 0, 1e-3, 2).warnings())
                .singleElement()
                .asString()
                .contains("only in part");
    }

    @Test
    void theRecipeThatLearnedIsNotWarnedOf() {
        RecipeAdvice advice = new RecipeAdvice(96, 3, 4, 0, 1e-3, 2);

        assertThat(advice.steps()).isEqualTo(72);
        assertThat(advice.warnings()).isEmpty();
    }

    @Test
    void maxStepsReplaceTheEpochs() {
        assertThat(new RecipeAdvice(1000, 3, 1, 5, 1e-3, 2).steps()).isEqualTo(5);
    }

    @Test
    void aPartialBatchIsAStep() {
        assertThat(new RecipeAdvice(97, 1, 4, 0, 1e-3, 2).steps()).isEqualTo(25);
    }
}
