package io.kaitoflow.worker.cli.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelClientTest {

    @Test
    void asksChatForTheNamedModelAndStripsTheAnswer() {
        try (ModelServer server = new ModelServer(200, _ -> "{\"Result\": \" Owlglass.\\n\"}");
                ModelClient client = new ModelClient(server.url())) {
            String answer = client.ask("tuned", "Which \"telescope\"?", 7);

            assertThat(answer).isEqualTo("Owlglass.");
            assertThat(server.asked())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("/chat ")
                            .contains(
                                    "\"model\":\"tuned\"",
                                    "\"prompt\":\"Which \\\"telescope\\\"?\"",
                                    "\"max_new_tokens\":7"));
        }
    }

    @Test
    void streamsThePiecesInOrder() {
        String events = """
                data: {"choices":[{"delta":{"role":"assistant"}}]}

                data: {"choices":[{"delta":{"content":"Owl"}}]}

                data: {"choices":[{"delta":{"content":"glass"}}]}

                data: [DONE]

                """;
        StringBuilder text = new StringBuilder();
        try (ModelServer server = new ModelServer(200, _ -> events);
                ModelClient client = new ModelClient(server.url())) {
            client.stream(
                    Optional.of("tuned"),
                    "Which?",
                    9,
                    piece -> text.append(piece).append('|'));
        }

        assertThat(text).hasToString("Owl|glass|");
    }

    @Test
    void aRefusalIsQuotedWithItsStatus() {
        try (ModelServer server = new ModelServer(404, _ -> "no such model");
                ModelClient client = new ModelClient(server.url())) {
            assertThatThrownBy(() -> client.ask("x", "y", 1))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessage(server.url() + "/chat answered 404: no such model");
            assertThatThrownBy(() -> client.stream(Optional.empty(), "y", 1, _ -> {}))
                    .hasMessageEndingWith("/v1/chat/completions answered 404: no such model");
        }
    }

    @Test
    void saysHowToStartAServerWhereNobodyAnswers() {
        ModelServer gone = new ModelServer(200, body -> body);
        gone.close();
        try (ModelClient client = new ModelClient(gone.url())) {
            assertThatThrownBy(() -> client.ask("x", "y", 1))
                    .hasMessageStartingWith("No model answers at " + gone.url())
                    .hasMessageEndingWith("start one with: kaitoflow run FILE");
        }
    }
}
