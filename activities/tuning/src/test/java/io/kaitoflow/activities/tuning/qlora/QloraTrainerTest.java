package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.base.FrozenModel.Form;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QloraTrainerTest {

    private static final Digest RUN = Digest.parse("sha256:" + "a".repeat(64));

    private final FrozenModel model = new FrozenModel(new TinyModel(), Form.NF4_DOUBLE_QUANTISED, ComputeType.FLOAT32);

    @TempDir
    private Path folder;

    @AfterEach
    void closeModel() {
        model.close();
    }

    @Test
    void learnsItsRowsByHeart() {
        List<StepReport> steps = new ArrayList<>();
        try (QloraTrainer trainer = trainer("learn", TinyModel.recipe(2, 1, 100), 1)) {
            TrainingOutcome outcome = trainer.train(steps::add, () -> false);

            assertThat(outcome).isInstanceOf(TrainingOutcome.Finished.class);
            assertThat(outcome.position().rowsSeen()).isEqualTo(24);
        }
        assertThat(steps).hasSize(12);
        assertThat(meanLoss(steps.subList(6, 12))).isLessThan(0.9 * meanLoss(steps.subList(0, 6)));
        assertThat(steps.getLast().epoch()).isEqualTo(2);
        assertThat(steps.getLast().timeLeft()).isZero();
    }

    @Test
    void firstGradientOfAIsZeroAndThatOfBIsNot() {
        try (OptimiserStep step = new OptimiserStep(model, setup(TinyModel.recipe(2, 1, 100), 1))) {
            step.run(0);

            assertThat(step.adapter().layout().modules()).allSatisfy(module -> {
                assertThat(step.gradients().a(0, module).toArray(JAVA_FLOAT)).containsOnly(0f);
                assertThat(step.gradients().b(0, module).toArray(JAVA_FLOAT)).doesNotContain(0f);
            });
        }
    }

    @Test
    void sameSetupGivesTheSameBits() {
        assertThat(trained("one", TinyModel.recipe(2, 1, 100), 1))
                .isEqualTo(trained("two", TinyModel.recipe(2, 1, 100), 1));
    }

    @Test
    void resumedRunGivesTheSameBitsAsAnUninterruptedOne() {
        TrainingRecipe recipe = TinyModel.recipe(2, 1, 3);
        float[] uninterrupted = trained("whole", recipe, 1);

        List<StepReport> seen = new ArrayList<>();
        try (QloraTrainer trainer = trainer("parts", recipe, 1)) {
            TrainingOutcome stopped = trainer.train(seen::add, () -> seen.size() == 5);
            assertThat(stopped).isInstanceOf(TrainingOutcome.Stopped.class);
        }
        try (QloraTrainer trainer = trainer("parts", recipe, 1)) {
            TrainingOutcome finished = trainer.train(seen::add, () -> false);

            assertThat(finished.position().resumes()).isOne();
            assertThat(seen)
                    .extracting(StepReport::step)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
            assertThat(trainer.adapter().memory().toArray(JAVA_FLOAT)).isEqualTo(uninterrupted);
        }
    }

    @Test
    void dropoutIsTheSameAfterAResume() {
        TrainingRecipe recipe = with(0.25, DataRecipe.defaults(), 0);
        float[] uninterrupted = trained("dropped", recipe, 1);
        List<StepReport> seen = new ArrayList<>();
        try (QloraTrainer trainer = trainer("dropped-parts", recipe, 1)) {
            trainer.train(seen::add, () -> seen.size() == 5);
        }

        assertThat(trained("dropped-parts", recipe, 1)).isEqualTo(uninterrupted);
        assertThat(uninterrupted).isNotEqualTo(trained("kept", with(0, DataRecipe.defaults(), 0), 1));
    }

    @Test
    void dropoutDiffersBetweenModulesStepsAndMicroBatches() {
        try (OptimiserStep step = new OptimiserStep(model, setup(TinyModel.recipe(2, 1, 100), 1));
                NDManager owner = TorchEngine.newOwner()) {
            LoraLayout layout = step.adapter().layout();
            boolean[] first = seen(owner, layout, LoraDropout.of(0.25, 42, 3, 0), 1);

            assertThat(first).isEqualTo(seen(owner, layout, LoraDropout.of(0.25, 42, 3, 0), 1));
            assertThat(first).isNotEqualTo(seen(owner, layout, LoraDropout.of(0.25, 42, 4, 0), 1));
            assertThat(first).isNotEqualTo(seen(owner, layout, LoraDropout.of(0.25, 42, 3, 1), 1));
            assertThat(first).isNotEqualTo(seen(owner, layout, LoraDropout.of(0.25, 43, 3, 0), 1));
            assertThat(first).isNotEqualTo(seen(owner, layout, LoraDropout.of(0.25, 42, 3, 0), 0));
            int width = 100 * layout.modules().getFirst().part().columns();
            assertThat(Arrays.copyOf(first, width)).isNotEqualTo(Arrays.copyOfRange(first, width, 2 * width));
            double share = (double) count(first) / first.length;
            assertThat(share).isCloseTo(0.75, within(0.01));
        }
    }

    private static boolean[] seen(NDManager owner, LoraLayout layout, LoraDropout drops, int block) {
        return drops.seen(owner, layout, block, 100).getFirst().toBooleanArray();
    }

    private static int count(boolean[] values) {
        int count = 0;
        for (boolean value : values) {
            count += value ? 1 : 0;
        }
        return count;
    }

    @Test
    void packedRowsGiveTheGradientThatTheyGiveAlone() {
        DataRecipe packed = packed(OptionalInt.of(30));
        TrainingSetup together = setup(with(0, packed, 0), 1);
        assertThat(together.sequences()).hasSizeLessThan(together.rows().size());

        double alone = firstNorm(TinyModel.recipe(12, 1, 100), 1);
        TrainingRecipe wide = new TrainingRecipe(
                together.recipe().lora(), TinyModel.recipe(12, 1, 100).optimiser(), packed, CadenceRecipe.defaults());

        assertThat(firstNorm(wide, 1)).isCloseTo(alone, within(1e-5 * alone));
    }

    @Test
    void theBestAdapterOnHeldOutRowsIsKeptAlsoAfterAResume() {
        TrainingRecipe recipe = with(0, DataRecipe.defaults(), 2);
        List<TokenisedRow> heldOut = contradicting(TinyModel.rows(6));
        TrainingSetup setup = new TrainingSetup(recipe, TinyModel.rows(12), heldOut, 1);
        List<StepReport> steps = new ArrayList<>();
        float[] best;
        try (QloraTrainer trainer = trainer("best", setup)) {
            trainer.train(steps::add, () -> false);
            best = trainer.adapter().memory().toArray(JAVA_FLOAT);
            double measured = steps.stream()
                    .flatMapToDouble(step -> step.evaluationLoss().stream())
                    .min()
                    .orElseThrow();
            try (AnswerLoss loss = new AnswerLoss(model, trainer.adapter().layout(), 2)) {
                assertThat(loss.mean(trainer.adapter(), heldOut)).isCloseTo(measured, within(1e-6));
            }
        }
        assertThat(steps.stream().filter(step -> step.evaluationLoss().isPresent()))
                .hasSize(6);
        assertThat(best).isNotEqualTo(trained("last", with(0, DataRecipe.defaults(), 0), 1));

        List<StepReport> parts = new ArrayList<>();
        try (QloraTrainer trainer = trainer("best-parts", setup)) {
            trainer.train(parts::add, () -> parts.size() == 7);
        }
        try (QloraTrainer trainer = trainer("best-parts", setup)) {
            trainer.train(parts::add, () -> false);
            assertThat(trainer.adapter().memory().toArray(JAVA_FLOAT)).isEqualTo(best);
        }
    }

    /** The same beginnings, other answers: what is learnt of the first is wrong for these. */
    private static List<TokenisedRow> contradicting(List<TokenisedRow> rows) {
        return rows.stream()
                .map(row -> {
                    int[] ids = row.ids().clone();
                    for (int i = ids.length / 2; i < ids.length; i++) {
                        ids[i] = (ids[i] + 7) % 64;
                    }
                    return new TokenisedRow(ids, row.scored());
                })
                .toList();
    }

    private static DataRecipe packed(OptionalInt maxLength) {
        DataRecipe usual = DataRecipe.defaults();
        return new DataRecipe(
                usual.path(),
                usual.extension(),
                usual.columns(),
                usual.shuffle(),
                usual.shuffleSeed(),
                usual.trainFraction(),
                maxLength,
                true,
                usual.completionOnlyLoss(),
                usual.chatTemplate());
    }

    static TrainingRecipe with(double dropout, DataRecipe data, int evaluationSteps) {
        TrainingRecipe tiny = TinyModel.recipe(2, 1, 3);
        QloraRecipe lora = tiny.lora();
        return new TrainingRecipe(
                new QloraRecipe(lora.rank(), lora.alpha(), dropout, List.of(), false, lora.computeType(), true),
                tiny.optimiser(),
                data,
                new CadenceRecipe(1, 3, evaluationSteps));
    }

    @Test
    void killedRunGoesOnFromTheLastCheckpoint() {
        TrainingRecipe recipe = TinyModel.recipe(2, 1, 3);
        float[] uninterrupted = trained("whole", recipe, 1);
        try (QloraTrainer trainer = trainer("killed", recipe, 1)) {
            assertThatThrownBy(() -> trainer.train(step -> failAt(step, 5), () -> false))
                    .hasMessage("power cut");
        }

        List<StepReport> rest = new ArrayList<>();
        try (QloraTrainer trainer = trainer("killed", recipe, 1)) {
            trainer.train(rest::add, () -> false);

            assertThat(rest.getFirst().step()).isEqualTo(4);
            assertThat(trainer.adapter().memory().toArray(JAVA_FLOAT)).isEqualTo(uninterrupted);
        }
    }

    @Test
    void accumulationSeesTheSameGradientAsOneLargeBatch() {
        double large = firstNorm(TinyModel.recipe(4, 1, 100), 1);

        assertThat(firstNorm(TinyModel.recipe(1, 4, 100), 1)).isCloseTo(large, within(1e-4 * large));
        assertThat(firstNorm(TinyModel.recipe(4, 1, 100), 2)).isCloseTo(large, within(1e-4 * large));
    }

    @Test
    void divergenceIsNamedWithTheGoodCheckpoint() {
        List<StepReport> seen = new ArrayList<>();
        try (QloraTrainer trainer = trainer("diverged", TinyModel.recipe(2, 1, 3), 1)) {
            assertThatThrownBy(() -> trainer.train(
                            step -> {
                                seen.add(step);
                                if (step.step() == 4) {
                                    trainer.adapter().memory().setAtIndex(JAVA_FLOAT, 0, Float.NaN);
                                }
                            },
                            () -> false))
                    .isInstanceOf(TrainingException.Diverged.class)
                    .hasMessageContaining("Step 5")
                    .hasMessageContaining("The checkpoint of step 3 is good");
        }
        assertThat(seen).hasSize(4);
    }

    @Test
    void aFinishedRunIsNotTrainedAgain() {
        trained("again", TinyModel.recipe(2, 1, 3), 1);

        try (QloraTrainer trainer = trainer("again", TinyModel.recipe(2, 1, 3), 1)) {
            TrainingOutcome outcome = trainer.train(step -> failAt(step, step.step()), () -> false);

            assertThat(outcome.position().step()).isEqualTo(12);
        }
    }

    private static double meanLoss(List<StepReport> steps) {
        return steps.stream().mapToDouble(StepReport::loss).average().orElseThrow();
    }

    private static void failAt(StepReport step, long number) {
        if (step.step() == number) {
            throw new IllegalStateException("power cut");
        }
    }

    private double firstNorm(TrainingRecipe recipe, int divisor) {
        try (OptimiserStep step = new OptimiserStep(model, setup(recipe, divisor))) {
            return step.run(0).norm().value();
        }
    }

    private float[] trained(String name, TrainingRecipe recipe, int divisor) {
        try (QloraTrainer trainer = trainer(name, recipe, divisor)) {
            trainer.train(step -> {}, () -> false);
            return trainer.adapter().memory().toArray(JAVA_FLOAT);
        }
    }

    private QloraTrainer trainer(String name, TrainingRecipe recipe, int divisor) {
        return trainer(name, setup(recipe, divisor));
    }

    private QloraTrainer trainer(String name, TrainingSetup setup) {
        return new QloraTrainer(model, setup, new CheckpointStore(folder.resolve(name), RUN), InstantSource.system());
    }

    private static TrainingSetup setup(TrainingRecipe recipe, int divisor) {
        return new TrainingSetup(recipe, TinyModel.rows(12), divisor);
    }
}
