package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.TestInputs;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.CheckpointWeights;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.base.FrozenModel.Form;
import io.kaitoflow.activities.tuning.optimiser.GradientNorm;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.weights.WeightFile;
import io.kaitoflow.workflows.request.QloraRecipe;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Eight steps of a real model in float32, step by step beside PyTorch, PEFT and bitsandbytes. */
class ReferenceRunTest {

    private static final Path FILES = Path.of("src/test/resources/qlora");
    private static final QloraRecipe LORA = new QloraRecipe(
            4, 16, 0, List.of("q_proj", "v_proj"), false, io.kaitoflow.workflows.request.ComputeType.FP32, true);
    private static final double LOSS_TOLERANCE = 3e-5;
    private static final double NORM_TOLERANCE = 1e-4;
    private static final double WEIGHT_NORM_TOLERANCE = 1e-5;

    @ParameterizedTest
    @CsvSource({"DENSE, dense_fp32, dense", "NF4_DOUBLE_QUANTISED, nf4_double_quant_fp32_compute, nf4"})
    void stepsAreThoseOfTheReference(Form form, String run, String suffix) throws IOException {
        Path batches = TestInputs.reference("qlora/batches.json");
        JsonNode expected =
                json(FILES.resolve("runs.json")).get("runs").get(run).get("steps");
        try (Checkpoint file = Checkpoint.open(TestInputs.model());
                FrozenModel model = new FrozenModel(new CheckpointWeights(file), form, ComputeType.FLOAT32);
                OptimiserStep step = new OptimiserStep(
                        model, new TrainingSetup(TrainingRecipes.constant(LORA, expected.size()), rows(batches), 1))) {
            startFrom(step.adapter(), FILES.resolve("lora-init-A.safetensors"));
            for (int i = 0; i < expected.size(); i++) {
                checkStep(step.run(i), step.adapter(), expected.get(i));
                if (i == 0) {
                    checkGradients(step.gradients(), FILES.resolve("grad-step1-" + suffix + ".safetensors"));
                }
            }
            checkFinal(step.adapter(), FILES.resolve("lora-final-layer0-" + suffix + ".safetensors"));
        }
    }

    private static void checkStep(OptimiserStep.Result result, Adapter adapter, JsonNode expected) {
        String at = "step " + expected.get("step").asInt();
        double norm = expected.get("grad_norm").asDouble();
        assertThat(result.loss())
                .as(at)
                .isCloseTo(expected.get("loss_float64_sum").asDouble(), within(LOSS_TOLERANCE));
        assertThat(result.norm().value()).as(at).isCloseTo(norm, within(norm * NORM_TOLERANCE));
        checkNorm(at, allOf(adapter, true), expected.get("norm_A_after").asDouble());
        checkNorm(at, allOf(adapter, false), expected.get("norm_B_after").asDouble());
    }

    private static void checkNorm(String at, List<MemorySegment> matrices, double expected) {
        double squares = matrices.stream()
                .mapToDouble(matrix -> Math.pow(GradientNorm.of(matrix).value(), 2))
                .sum();
        assertThat(Math.sqrt(squares)).as(at).isCloseTo(expected, within(expected * WEIGHT_NORM_TOLERANCE));
    }

    /** Relative to the largest gradient of all B; those of A are exactly zero while B is. */
    private static void checkGradients(Adapter gradients, Path reference) {
        try (WeightFile file = WeightFile.open(reference)) {
            float precision = 1e-4f * largest(file);
            for (int block : new int[] {0, 29}) {
                for (LoraLayout.Module module : gradients.layout().modules()) {
                    assertThat(gradients.b(block, module).toArray(JAVA_FLOAT))
                            .usingComparatorWithPrecision(precision)
                            .containsExactly(floats(file, block, module, "lora_B"));
                    assertThat(gradients.a(block, module).toArray(JAVA_FLOAT)).containsOnly(0f);
                }
            }
        }
    }

    private static float largest(WeightFile file) {
        float largest = 0;
        for (var tensor : file.tensors()) {
            for (float value : file.floats(tensor)) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    /** Adam may move an element whose gradient is nearly zero by whole learning rates, so few may be far off. */
    private static void checkFinal(Adapter adapter, Path reference) {
        try (WeightFile file = WeightFile.open(reference)) {
            for (LoraLayout.Module module : adapter.layout().modules()) {
                checkElements(adapter.a(0, module), floats(file, 0, module, "lora_A"));
                checkElements(adapter.b(0, module), floats(file, 0, module, "lora_B"));
            }
        }
    }

    private static void checkElements(MemorySegment found, float[] expected) {
        int far = 0;
        for (int i = 0; i < expected.length; i++) {
            double distance = Math.abs(found.getAtIndex(JAVA_FLOAT, i) - expected[i]);
            assertThat(distance).isLessThan(4e-4);
            far += distance > 1e-6 ? 1 : 0;
        }
        assertThat(far).isLessThanOrEqualTo(expected.length / 100);
    }

    private static List<MemorySegment> allOf(Adapter adapter, boolean a) {
        List<MemorySegment> matrices = new ArrayList<>();
        for (int block = 0; block < adapter.blocks(); block++) {
            for (LoraLayout.Module module : adapter.layout().modules()) {
                matrices.add(a ? adapter.a(block, module) : adapter.b(block, module));
            }
        }
        return matrices;
    }

    private static void startFrom(Adapter adapter, Path file) {
        try (WeightFile start = WeightFile.open(file)) {
            for (int block = 0; block < adapter.blocks(); block++) {
                for (LoraLayout.Module module : adapter.layout().modules()) {
                    adapter.a(block, module).copyFrom(MemorySegment.ofArray(floats(start, block, module, "lora_A")));
                }
            }
        }
    }

    private static float[] floats(WeightFile file, int block, LoraLayout.Module module, String matrix) {
        String name =
                "base_model.model.model.layers." + block + "." + module.part().name() + "." + matrix + ".weight";
        return file.floats(file.tensor(name));
    }

    private static List<TokenisedRow> rows(Path batches) throws IOException {
        List<TokenisedRow> rows = new ArrayList<>();
        for (JsonNode batch : json(batches).get("batches")) {
            int length = batch.get("length").asInt();
            int[] ids = new int[length];
            boolean[] scored = new boolean[length];
            for (int i = 0; i < length; i++) {
                ids[i] = batch.get("input_ids").get(i).asInt();
                scored[i] = batch.get("labels").get(i).asInt() >= 0;
            }
            rows.add(new TokenisedRow(ids, scored));
        }
        return rows;
    }

    private static JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }
}
