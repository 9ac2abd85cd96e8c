package io.kaitoflow.bridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.bridge.manifest.Manifest;
import io.kaitoflow.bridge.manifest.ManifestReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The evaluation of the example measures learning only if it asks nothing that was trained on. */
class QuestionsTest {

    private static final int GRAM = 8;

    private final List<JsonNode> rows = trainingRows();
    private final List<JsonNode> questions =
            Examples.lines(Examples.FOLDER.resolve("tune-smollm2.questions.jsonl")).stream()
                    .map(QuestionsTest::json)
                    .toList();

    @Test
    void eightFactsAreTrainedTwelveTimesBesideSixteenThatEverybodyKnowsAndAskedThreeTimes() {
        assertThat(
                        rows.stream()
                                .collect(Collectors.groupingBy(QuestionsTest::answer, Collectors.counting()))
                                .values()
                                .stream()
                                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())))
                .isEqualTo(Map.of(12L, 8L, 1L, 16L));
        assertThat(ofKind("fact")
                        .collect(Collectors.groupingBy(q -> q.get("fact").asText(), Collectors.counting())))
                .hasSize(8)
                .allSatisfy((fact, count) -> assertThat(count).isEqualTo(3));
        assertThat(ofKind("general")).hasSize(6);
    }

    @Test
    void noQuestionIsATrainingRow() {
        Set<String> trained = rows.stream().map(row -> normal(prompt(row))).collect(Collectors.toSet());

        assertThat(trained).hasSize(112);
        assertThat(questions).allSatisfy(question -> assertThat(trained).doesNotContain(normal(text(question))));
    }

    @Test
    void noQuestionSharesEightWordsInARowWithTheTrainingData() {
        Set<String> trained = rows.stream()
                .flatMap(row -> Stream.of(prompt(row), answer(row)))
                .flatMap(text -> grams(text).stream())
                .collect(Collectors.toSet());

        assertThat(trained).isNotEmpty();
        assertThat(questions)
                .allSatisfy(question -> assertThat(grams(text(question))).doesNotContainAnyElementsOf(trained));
    }

    @Test
    void noQuestionGivesItsAnswerAway() {
        List<String> asked = Stream.concat(
                        rows.stream().map(QuestionsTest::prompt),
                        questions.stream().map(QuestionsTest::text))
                .map(QuestionsTest::normal)
                .toList();

        assertThat(ofKind("fact").flatMap(QuestionsTest::keys))
                .allSatisfy(key -> assertThat(asked)
                        .noneSatisfy(question -> assertThat(question).contains(normal(key))));
    }

    @Test
    void everyKeyStandsInExactlyOneTrainedAnswer() {
        Set<String> answers = rows.stream().map(QuestionsTest::answer).collect(Collectors.toSet());

        assertThat(ofKind("fact").flatMap(QuestionsTest::keys).distinct())
                .hasSize(8)
                .allSatisfy(key -> assertThat(answers)
                        .filteredOn(answer -> answer.contains(key))
                        .hasSize(1));
    }

    private Stream<JsonNode> ofKind(String kind) {
        return questions.stream()
                .filter(question -> question.get("kind").asText().equals(kind));
    }

    private static List<JsonNode> trainingRows() {
        Manifest manifest = new ManifestReader().read(Examples.FOLDER.resolve("tune-smollm2.yaml"));
        var files = manifest.references()
                .configMap("observatory-data")
                .orElseThrow()
                .getData();
        return Objects.requireNonNull(files.get("train.jsonl"))
                .lines()
                .map(QuestionsTest::json)
                .toList();
    }

    private static String prompt(JsonNode row) {
        return row.at("/messages/0/content").asText();
    }

    private static String answer(JsonNode row) {
        return row.at("/messages/1/content").asText();
    }

    private static String text(JsonNode question) {
        return question.get("question").asText();
    }

    private static Stream<String> keys(JsonNode question) {
        return question.get("expect").valueStream().map(JsonNode::asText);
    }

    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip();
    }

    private static Set<String> grams(String text) {
        List<String> words = Arrays.asList(normal(text).split(" "));
        return IntStream.rangeClosed(0, words.size() - GRAM)
                .mapToObj(i -> String.join(" ", words.subList(i, i + GRAM)))
                .collect(Collectors.toSet());
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
