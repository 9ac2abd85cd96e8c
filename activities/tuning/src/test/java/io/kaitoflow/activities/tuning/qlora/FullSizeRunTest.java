package io.kaitoflow.activities.tuning.qlora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.TestInputs;
import io.kaitoflow.activities.tuning.qlora.FrozenModel.Form;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.training.LoraLayout;
import io.kaitoflow.inference.weights.WeightFile;
import io.kaitoflow.workflows.request.QloraRecipe;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Adapters on all seven modules and sequences of 512 tokens, the first steps beside PEFT's run in bfloat16. */
class FullSizeRunTest {

    private static final int WIDTH = 512;
    private static final int STEPS = 3;

    /** Products in bfloat16 round elsewhere in every program. */
    private static final double TOLERANCE = 1e-2;

    private static final QloraRecipe LORA =
            new QloraRecipe(8, 8, 0, List.of(), false, io.kaitoflow.workflows.request.ComputeType.BF16, true);

    @Test
    void lossesAreThoseOfPeft() throws IOException {
        Path ids = TestInputs.reference("qlora-full/train-ids.i32");
        Path start = TestInputs.reference("qlora-full/lora-init-all.safetensors");
        JsonNode curve = new JsonMapper()
                .readTree(TestInputs.reference("qlora-full/curve-bf16-1x512-c0.json")
                        .toFile())
                .get("steps");
        try (Checkpoint file = Checkpoint.open(TestInputs.model());
                FrozenModel model = new FrozenModel(new CheckpointWeights(file), Form.DENSE, ComputeType.BFLOAT16);
                OptimiserStep step = new OptimiserStep(
                        model, new TrainingSetup(TrainingRecipes.constant(LORA, STEPS), rows(ids), 1))) {
            startFrom(step.adapter(), start);
            for (int i = 0; i < STEPS; i++) {
                OptimiserStep.Result result = step.run(i);
                double loss = curve.get(i).get("loss").asDouble();
                double norm = curve.get(i).get("grad_norm").asDouble();
                assertThat(result.loss()).as("loss of step " + (i + 1)).isCloseTo(loss, within(loss * TOLERANCE));
                assertThat(result.norm().value())
                        .as("norm of step " + (i + 1))
                        .isCloseTo(norm, within(norm * 2 * TOLERANCE));
            }
        }
    }

    private static List<TokenisedRow> rows(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<TokenisedRow> rows = new ArrayList<>();
        for (int row = 0; row < STEPS; row++) {
            int[] ids = new int[WIDTH];
            all.asIntBuffer().get(row * WIDTH, ids);
            boolean[] scored = new boolean[WIDTH];
            Arrays.fill(scored, true);
            rows.add(new TokenisedRow(ids, scored));
        }
        return rows;
    }

    private static void startFrom(Adapter adapter, Path file) {
        try (WeightFile start = WeightFile.open(file)) {
            for (int block = 0; block < adapter.blocks(); block++) {
                for (LoraLayout.Module module : adapter.layout().modules()) {
                    String prefix = "base_model.model.model.layers." + block + "."
                            + module.part().name();
                    adapter.a(block, module).copyFrom(values(start, prefix + ".lora_A.default.weight"));
                    adapter.b(block, module).copyFrom(values(start, prefix + ".lora_B.default.weight"));
                }
            }
        }
    }

    private static MemorySegment values(WeightFile file, String name) {
        return MemorySegment.ofArray(file.floats(file.tensor(name)));
    }
}
