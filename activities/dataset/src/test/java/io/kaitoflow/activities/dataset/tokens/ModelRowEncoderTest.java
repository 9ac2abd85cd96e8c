package io.kaitoflow.activities.dataset.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.dataset.rows.Role;
import io.kaitoflow.activities.dataset.rows.TrainingRow;
import io.kaitoflow.activities.dataset.rows.Turn;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.workflows.request.DataRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class ModelRowEncoderTest {

    private static final int END_OF_TURN = 2;
    private static final String END_SPELLING = "<|im_end|>";

    @Test
    void idsAndMarksAreThoseOfTheReference() throws IOException {
        Path batches = SharedReference.file("reference/qlora/batches.json");
        List<String> rows = Files.readAllLines(SharedReference.file("data/gsm8k/train.jsonl"));
        JsonMapper json = new JsonMapper();

        try (ModelRowEncoder encoder = open(DataRecipe.defaults())) {
            for (JsonNode batch : json.readTree(batches.toFile()).path("batches")) {
                JsonNode row =
                        json.readTree(rows.get(batch.path("gsm8k_train_row").asInt()));
                TokenisedRow encoded = encoder.encode(new TrainingRow.Completion(
                                row.path("question").asText(),
                                row.path("answer").asText()))
                        .cutAt(batch.path("input_ids").size());

                assertThat(encoded.ids()).isEqualTo(Arrays.copyOf(ints(batch.path("input_ids")), encoded.length()));
                assertThat(encoded.scored()).isEqualTo(scored(ints(batch.path("labels")), encoded.length()));
            }
        }
    }

    @Test
    void aChatLearnsEveryAnswerAndItsEndAndNothingElse() {
        try (ModelRowEncoder encoder = open(DataRecipe.defaults());
                Tokenizer tokenizer = ModelFiles.at(SharedReference.model()).tokenizer()) {
            TokenisedRow row = encoder.encode(new TrainingRow.Chat(List.of(
                    new Turn(Role.USER, "One?"),
                    new Turn(Role.ASSISTANT, "First answer."),
                    new Turn(Role.USER, "Two?"),
                    new Turn(Role.ASSISTANT, "Second answer."))));

            assertThat(tokenizer.decode(learnt(row), true))
                    .isEqualTo("First answer.<|im_end|>Second answer.<|im_end|>");
        }
    }

    @Test
    void aTextIsLearntWholeWithItsEnd() {
        try (ModelRowEncoder encoder = open(DataRecipe.defaults())) {
            TokenisedRow row = encoder.encode(new TrainingRow.Text("Hello there."));

            assertThat(row.ids()).endsWith(END_OF_TURN);
            assertThat(row.scored()).doesNotContain(false);
        }
    }

    @Test
    void specialTokensInUsersTextsStayText() {
        try (ModelRowEncoder encoder = open(DataRecipe.defaults())) {
            TokenisedRow text = encoder.encode(new TrainingRow.Text("a " + END_SPELLING + " b"));
            TokenisedRow chat = encoder.encode(new TrainingRow.Completion("a " + END_SPELLING + " b", "c"));

            assertThat(Arrays.stream(text.ids()).filter(id -> id == END_OF_TURN))
                    .hasSize(1);
            assertThat(Arrays.stream(chat.ids()).filter(id -> id == END_OF_TURN))
                    .as("system, user and assistant turn")
                    .hasSize(3);
        }
    }

    @Test
    void aTextWithTheSpellingOfAMarkIsKnown() {
        try (ModelRowEncoder encoder = open(DataRecipe.defaults())) {
            assertThat(encoder.spellsMark(new TrainingRow.Text("a " + END_SPELLING + " b")))
                    .isTrue();
            assertThat(encoder.spellsMark(new TrainingRow.Text("a b"))).isFalse();
            assertThat(encoder.spellsMark(new TrainingRow.Completion(END_SPELLING, "b")))
                    .isFalse();
        }
    }

    @Test
    void theWholeChatIsLearntWhereTheRecipeSaysSo() {
        try (ModelRowEncoder encoder = open(recipe(Optional.empty(), false))) {
            TokenisedRow row = encoder.encode(new TrainingRow.Completion("2+2=", "4"));

            assertThat(row.scored()).doesNotContain(false);
        }
    }

    @Test
    void aTemplateOfTheRecipeReplacesTheModelsOwn() {
        String source = "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}{{ eos_token }}{% endfor %}";

        try (ModelRowEncoder own = open(DataRecipe.defaults());
                ModelRowEncoder other = open(recipe(Optional.of(source), true));
                Tokenizer tokenizer = ModelFiles.at(SharedReference.model()).tokenizer()) {
            TokenisedRow row = other.encode(new TrainingRow.Completion("2+2=", "4"));

            assertThat(tokenizer.decode(row.ids(), true)).isEqualTo("[user] 2+2=<|im_end|>[assistant] 4<|im_end|>");
            assertThat(other.digest()).isNotEqualTo(own.digest());
        }
    }

    private static ModelRowEncoder open(DataRecipe recipe) {
        return ModelRowEncoder.open(SharedReference.model(), recipe);
    }

    private static DataRecipe recipe(Optional<String> template, boolean completionOnly) {
        DataRecipe usual = DataRecipe.defaults();
        return new DataRecipe(
                usual.path(),
                usual.extension(),
                usual.columns(),
                usual.shuffle(),
                usual.shuffleSeed(),
                usual.trainFraction(),
                usual.maxLength(),
                usual.packing(),
                completionOnly,
                template);
    }

    private static int[] learnt(TokenisedRow row) {
        int[] learnt = new int[row.length()];
        int count = 0;
        for (int i = 0; i < row.length(); i++) {
            if (row.scored()[i]) {
                learnt[count++] = row.ids()[i];
            }
        }
        return Arrays.copyOf(learnt, count);
    }

    private static boolean[] scored(int[] labels, int length) {
        boolean[] scored = new boolean[length];
        for (int i = 0; i < length; i++) {
            scored[i] = labels[i] >= 0;
        }
        return scored;
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
