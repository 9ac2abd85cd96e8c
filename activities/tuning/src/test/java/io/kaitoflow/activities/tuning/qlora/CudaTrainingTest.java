package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.base.FrozenModel.Form;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TensorException;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on a GPU beside training on the processor. Where none is at hand it says what is missing. */
class CudaTrainingTest {

    private static final Digest RUN = Digest.parse("sha256:" + "b".repeat(64));

    @TempDir
    private Path folder;

    private record Trained(List<Double> losses, float[] adapter) {}

    @BeforeAll
    static void needsAGpu() {
        try {
            TorchEngine.require(ComputeDevice.CUDA);
        } catch (TensorException e) {
            abort("Training on a GPU was not tested. " + e.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void losesAndLearnsAsOnTheProcessor(Form form) {
        TrainingRecipe recipe = TinyModel.recipe(2, 1, 100);

        assertAlike(
                trained(ComputeDevice.CUDA, form, ComputeType.FLOAT32, recipe),
                trained(ComputeDevice.CPU, form, ComputeType.FLOAT32, recipe),
                1e-5);
    }

    @ParameterizedTest
    @EnumSource(
            value = ComputeType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void sixteenBitsStayAsNearFloat32AsOnTheProcessor(ComputeType type) {
        TrainingRecipe recipe = TinyModel.recipe(2, 1, 100);
        Trained exact = trained(ComputeDevice.CPU, Form.NF4, ComputeType.FLOAT32, recipe);
        Trained cpu = trained(ComputeDevice.CPU, Form.NF4, type, recipe);
        Trained cuda = trained(ComputeDevice.CUDA, Form.NF4, type, recipe);

        assertThat(distance(cuda, exact)).isPositive().isLessThan(3 * distance(cpu, exact));
    }

    private static double distance(Trained one, Trained other) {
        return IntStream.range(0, one.losses().size())
                .mapToDouble(
                        step -> Math.abs(one.losses().get(step) - other.losses().get(step)))
                .average()
                .orElseThrow();
    }

    @Test
    void dropsTheSameInputsAsTheProcessor() {
        TrainingRecipe recipe = QloraTrainerTest.with(0.25, DataRecipe.defaults(), 0);

        assertAlike(
                trained(ComputeDevice.CUDA, Form.NF4, ComputeType.FLOAT32, recipe),
                trained(ComputeDevice.CPU, Form.NF4, ComputeType.FLOAT32, recipe),
                1e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void accumulatesAsOnTheProcessor(int accumulation) {
        TrainingRecipe recipe = TinyModel.recipe(3, accumulation, 100);

        assertAlike(
                trained(ComputeDevice.CUDA, Form.DENSE, ComputeType.FLOAT32, recipe),
                trained(ComputeDevice.CPU, Form.DENSE, ComputeType.FLOAT32, recipe),
                1e-5);
    }

    @ParameterizedTest
    @EnumSource(ComputeType.class)
    void frozenWeightsHaveTheSameBits(ComputeType type) {
        try (FrozenModel cuda = new FrozenModel(new TinyModel(), Form.NF4_DOUBLE_QUANTISED, ComputeDevice.CUDA, type);
                FrozenModel cpu =
                        new FrozenModel(new TinyModel(), Form.NF4_DOUBLE_QUANTISED, ComputeDevice.CPU, type)) {
            for (int layer = 0; layer < cpu.configuration().layers(); layer++) {
                for (int matrix = 0; matrix < Projection.values().length; matrix++) {
                    assertThat(Tensors.floats(cuda.block(layer).arguments().get(matrix)))
                            .isEqualTo(
                                    Tensors.floats(cpu.block(layer).arguments().get(matrix)));
                }
            }
            assertThat(cuda.linearBytes()).isEqualTo(cpu.linearBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(ComputeType.class)
    void resumedRunGivesTheSameBitsAsAnUninterruptedOne(ComputeType type) {
        TrainingRecipe recipe = TinyModel.recipe(2, 1, 3);
        try (FrozenModel model = model(ComputeDevice.CUDA, Form.NF4, type)) {
            float[] whole = trained("whole", model, recipe).adapter();
            List<StepReport> seen = new ArrayList<>();
            try (QloraTrainer trainer = trainer("parts", model, recipe)) {
                trainer.train(seen::add, () -> seen.size() == 5);
            }

            assertThat(trained("parts", model, recipe).adapter()).isEqualTo(whole);
        }
    }

    private Trained trained(ComputeDevice device, Form form, ComputeType type, TrainingRecipe recipe) {
        try (FrozenModel model = model(device, form, type)) {
            return trained(device + "-" + type, model, recipe);
        }
    }

    private Trained trained(String name, FrozenModel model, TrainingRecipe recipe) {
        List<Double> losses = new ArrayList<>();
        try (QloraTrainer trainer = trainer(name, model, recipe)) {
            trainer.train(step -> losses.add(step.loss()), () -> false);
            return new Trained(losses, trainer.adapter().memory().toArray(JAVA_FLOAT));
        }
    }

    private static FrozenModel model(ComputeDevice device, Form form, ComputeType type) {
        return new FrozenModel(new TinyModel(), form, device, type);
    }

    private QloraTrainer trainer(String name, FrozenModel model, TrainingRecipe recipe) {
        return new QloraTrainer(
                model,
                new TrainingSetup(recipe, TinyModel.rows(12), 1),
                new CheckpointStore(folder.resolve(name), RUN),
                InstantSource.system());
    }

    private static void assertAlike(Trained cuda, Trained cpu, double tolerance) {
        assertThat(cuda.losses()).hasSameSizeAs(cpu.losses()).isNotEmpty();
        for (int step = 0; step < cpu.losses().size(); step++) {
            assertThat(cuda.losses().get(step)).isCloseTo(cpu.losses().get(step), within(tolerance));
        }
        assertThat(cuda.adapter()).usingComparatorWithPrecision(1e-3f).containsExactly(cpu.adapter());
    }
}
