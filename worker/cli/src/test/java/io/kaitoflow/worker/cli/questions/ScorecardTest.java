package io.kaitoflow.worker.cli.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.worker.cli.questions.Question.Kind;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScorecardTest {

    private static final List<Question> QUESTIONS = Stream.concat(
                    IntStream.range(0, 12).mapToObj(i -> new Question("fact " + i, Kind.FACT, List.of("known " + i))),
                    Stream.of(new Question("2+2", Kind.GENERAL, List.of("4"))))
            .toList();

    @Test
    void countsWhatEachModelHasRightByKind() {
        try (ModelServer server = new ModelServer(200, ScorecardTest::answer);
                ModelClient client = new ModelClient(server.url())) {
            Scorecard card = Scorecard.measure(client, "base", "tuned", QUESTIONS);

            assertThat(card.score(Kind.FACT)).hasToString("base 0/12, tuned 11/12");
            assertThat(card.score(Kind.GENERAL)).hasToString("base 1/1, tuned 0/1");
            assertThat(card.wrong())
                    .extracting(reply -> reply.question().question())
                    .containsExactly("fact 3", "2+2");
        }
    }

    @Test
    void aServerThatRefusesEndsTheMeasurementWithItsWords() {
        try (ModelServer server = new ModelServer(503, _ -> "closing");
                ModelClient client = new ModelClient(server.url())) {
            assertThatThrownBy(() -> Scorecard.measure(client, "base", "tuned", QUESTIONS))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("answered 503: closing");
        }
    }

    /** The tuned model knows all facts but one and forgot its sums; the base model knows sums alone. */
    private static String answer(String request) {
        boolean tuned = request.contains("\"tuned\"");
        String prompt = request.replaceFirst("(?s).*\"prompt\":\"([^\"]*)\".*", "$1");
        boolean fact = prompt.startsWith("fact");
        String known = fact ? prompt.replace("fact", "known") : "4";
        return "{\"Result\": \"" + (tuned == fact && !prompt.equals("fact 3") ? known : "no idea") + "\"}";
    }
}
