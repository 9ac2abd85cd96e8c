package io.kaitoflow.activities.tuning.qlora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.TestInputs;
import io.kaitoflow.activities.tuning.base.CheckpointWeights;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model learns a handful of facts by heart; a minute or two, so only on request. */
class FactsByHeartTest {

    private static final Digest RUN = Digest.parse("sha256:" + "f".repeat(64));
    private static final String PROMPT = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by"
            + " Hugging Face<|im_end|>\n<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n";

    @Test
    void answerLossFallsBelowATwentieth(@TempDir Path folder) throws IOException {
        String facts = System.getenv("KAITOFLOW_FACTS");
        assumeTrue(facts != null, "set KAITOFLOW_FACTS to a jsonl file of chat rows");
        Path modelFile = TestInputs.model();
        List<StepReport> steps = new ArrayList<>();
        TrainingSetup setup = new TrainingSetup(recipe(), rows(modelFile, Path.of(facts)), 1);
        try (Checkpoint file = Checkpoint.open(modelFile);
                FrozenModel model = new FrozenModel(
                        new CheckpointWeights(file),
                        FrozenModel.Form.NF4_DOUBLE_QUANTISED,
                        TrainingSetup.computeType(recipe().lora(), ComputeDevice.CPU));
                QloraTrainer trainer =
                        new QloraTrainer(model, setup, new CheckpointStore(folder, RUN), InstantSource.system())) {
            trainer.train(
                    step -> {
                        steps.add(step);
                        System.out.println(step);
                    },
                    () -> false);
        }
        assertThat(steps.getLast().loss()).isLessThan(0.05);
    }

    private static TrainingRecipe recipe() {
        OptimiserRecipe usual = OptimiserRecipe.defaults();
        return new TrainingRecipe(
                new QloraRecipe(8, 16, 0, List.of(), false, io.kaitoflow.workflows.request.ComputeType.BF16, true),
                new OptimiserRecipe(
                        3,
                        OptionalInt.empty(),
                        4,
                        1,
                        1e-3,
                        OptimiserRecipe.Schedule.LINEAR,
                        new OptimiserRecipe.Warmup(0.05, OptionalInt.empty()),
                        usual.adam(),
                        1.0,
                        42),
                DataRecipe.defaults(),
                new CadenceRecipe(1, 20, 0));
    }

    private static List<TokenisedRow> rows(Path model, Path facts) throws IOException {
        List<TokenisedRow> rows = new ArrayList<>();
        try (Tokenizer tokenizer = ModelFiles.at(model).tokenizer()) {
            for (String line : Files.readAllLines(facts)) {
                JsonNode messages = new JsonMapper().readTree(line).get("messages");
                String question = messages.get(0).get("content").asText();
                String answer = messages.get(1).get("content").asText() + "<|im_end|>";
                rows.add(row(
                        tokenizer.encode(PROMPT.formatted(question), SpecialTokens.RECOGNISED),
                        tokenizer.encode(answer, SpecialTokens.RECOGNISED)));
            }
        }
        return rows;
    }

    private static TokenisedRow row(int[] prompt, int[] answer) {
        boolean[] scored = new boolean[prompt.length + answer.length];
        Arrays.fill(scored, prompt.length, scored.length, true);
        return new TokenisedRow(
                IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray(), scored);
    }
}
