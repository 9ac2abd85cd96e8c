package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.chat.Sampling;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** KAITO's own call. */
@TestInstance(Lifecycle.PER_CLASS)
class ChatEndpointTest {

    private final ScriptedModel model = ScriptedModel.ready();
    private ServedModel served;

    @BeforeAll
    void serve() {
        served = ServedModel.of(model);
    }

    @AfterAll
    void stop() {
        served.close();
    }

    @Test
    void answersAPromptAsOneUserMessageToTheTunedModel() {
        assertThat(result("{\"prompt\": \"hello you\"}")).isEqualTo("tuned heard user hello you");
    }

    @Test
    void answersAConversation() {
        assertThat(result("{\"messages\":[{\"role\":\"system\",\"content\":\"be\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}"))
                .isEqualTo("tuned heard system be user hi");
    }

    @Test
    void sendsARawPromptAsItIs() {
        assertThat(result("{\"prompt\": \"hello\", \"raw\": true}")).isEqualTo("tuned heard hello");
    }

    @Test
    void answersFromTheModelThatWasNamed() {
        assertThat(result("{\"prompt\": \"hello\", \"model\": \"base\"}")).isEqualTo("base heard user hello");
    }

    @Test
    void putsThePromptBeforeTheReplyWhenAskedForTheFullText() {
        assertThat(result("{\"prompt\": \"hello\", \"return_full_text\": true}"))
                .isEqualTo("hellotuned heard user hello");
    }

    @Test
    void tidiesSpacesBeforePunctuationOnlyWhenAsked() {
        String prompt = "\"prompt\": \"ok . it 's\", \"raw\": true";

        assertThat(result("{" + prompt + "}")).isEqualTo("tuned heard ok . it 's");
        assertThat(result("{" + prompt + ", \"clean_up_tokenization_spaces\": true}"))
                .isEqualTo("tuned heard ok. it's");
    }

    @Test
    void takesThePromptAsJsonWhateverTheContentTypeSays() {
        HttpRequest bare = HttpRequest.newBuilder(served.address().resolve("/chat"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("{\"prompt\":\"hello\"}"))
                .build();

        assertThat(served.send(bare, BodyHandlers.ofString()).body()).contains("tuned heard user hello");
    }

    @Test
    void isGreedyUnlessToldToSample() {
        result("{\"prompt\": \"hello\", \"generate_kwargs\": {\"temperature\": 0.7}}");
        assertThat(model.lastSampling()).isEqualTo(Sampling.GREEDY);

        result("{\"prompt\": \"hello\", \"generate_kwargs\": {\"do_sample\": true, \"temperature\": 0.7, \"top_k\": 5,"
                + " \"top_p\": 0.5, \"repetition_penalty\": 1.5}}");
        Sampling sampling = model.lastSampling();
        assertThat(sampling)
                .isEqualTo(new Sampling(0.7, 5, 0.5, 0, new Sampling.Penalties(1.5, 0, 0), sampling.seed()));
    }

    @Test
    void countsLengthsAsTransformersDoes() {
        assertThat(result("{\"prompt\": \"hello\", \"generate_kwargs\": {\"max_new_tokens\": 2}}"))
                .isEqualTo("tuned heard");
        // the prompt "user hello" has ten tokens here
        assertThat(result("{\"prompt\": \"hello\", \"generate_kwargs\": {\"max_length\": 11}}"))
                .isEqualTo("tuned");
        assertThat(result("{\"prompt\": \"hello\", \"generate_kwargs\": {\"min_length\": 15}}"))
                .isEqualTo("tuned heard user hello more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": 5} | prompt",
                "{\"prompt\": \"hi\", \"raw\": \"yes\"} | raw",
                "{\"prompt\": \"hi\", \"messages\": [{\"role\":\"user\",\"content\":\"x\"}]} | messages",
                "{} | prompt",
                "{\"messages\": []} | messages",
                "{\"messages\": [{\"role\":\"wizard\",\"content\":\"x\"}]} | messages[0].role",
                "{\"messages\": [{\"role\":\"user\"}]} | messages[0].content",
                "{\"prompt\": \"hi\", \"promt\": \"x\"} | promt",
                "{\"prompt\": \"hi\", \"generate_kwargs\": []} | generate_kwargs",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"num_beams\": 4}} | generate_kwargs.num_beams",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"typical_p\": 0.5}} | generate_kwargs.typical_p",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"penalty_alpha\": 1}} | generate_kwargs.penalty_alpha",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"top_k\": 1.5}} | generate_kwargs.top_k",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"temperature\": 1e999}} | generate_kwargs.temperature",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"max_length\": 3}} | max_length",
                "{\"prompt\": \"hi\", \"generate_kwargs\": {\"min_length\": 39, \"max_length\": 20}} | min_length",
                "{\"prompt\": \"\\ud800\"} | prompt",
                "{\"prompt\": \"\", \"raw\": true} | prompt",
                "{\"prompt\": \"hi\", \"prompt\": \"ho\"} | prompt",
                "[1] | JSON object",
                "{\"prompt\": | JSON",
            })
    void refusesNamingTheParameter(String body, String named) {
        HttpResponse<String> response = served.post("/chat", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(ServedModel.json(response).path("detail").asText()).contains(named);
    }

    @Test
    void refusesAFieldThatStandsInTheWrongPlaceWithThoseThatStandThere() {
        HttpResponse<String> response = served.post("/chat", "{\"prompt\": \"hello\", \"max_length\": 60}");

        assertThat(response.body())
                .contains("max_length; remove it. Known beside it:")
                .contains("generate_kwargs");
    }

    @Test
    void refusesAPromptThatDoesNotFitWithBothNumbers() {
        HttpResponse<String> response =
                served.post("/chat", "{\"raw\": true, \"prompt\": \"" + "a".repeat(ScriptedModel.CONTEXT) + "\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(detail(response)).contains("has 40 tokens", "holds 40");
    }

    @Test
    void refusesAModelThatIsNotServedNamingThoseThatAre() {
        HttpResponse<String> response = served.post("/chat", "{\"prompt\": \"hi\", \"model\": \"other\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(detail(response)).contains("other", "tuned, base");
    }

    @Test
    void refusesABodyAboveOneMebibyte() {
        HttpResponse<String> response = served.post("/chat", "{\"prompt\": \"" + "a".repeat(1 << 20) + "\"}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(detail(response)).isNotEmpty();
    }

    @Test
    void refusesAnEmptyBodyInItsOwnForm() {
        HttpResponse<String> response = served.post("/chat", "");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(detail(response)).isNotEmpty();
    }

    @Test
    void saysWhenTheModelFailedAndServesTheNext() {
        model.failNext();
        HttpResponse<String> failed = served.post("/chat", "{\"prompt\": \"hi\"}");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(detail(failed)).contains("scripted");
        assertThat(result("{\"prompt\": \"hi\"}")).isEqualTo("tuned heard user hi");
    }

    private String result(String body) {
        HttpResponse<String> response = served.post("/chat", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = ServedModel.json(response);
        assertThat(answer.properties()).hasSize(1);
        return answer.path("Result").asText();
    }

    private static String detail(HttpResponse<String> response) {
        return ServedModel.json(response).path("detail").asText();
    }
}
