package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.chat.Sampling;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's calls, field by field. */
@TestInstance(Lifecycle.PER_CLASS)
class OpenAiEndpointTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hello you\"}]";

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
    void answersAChatInOpenAisForm() {
        JsonNode answer = answer(CHAT, "{" + HELLO + "}");

        assertThat(names(answer)).containsExactly("id", "object", "created", "model", "choices", "usage");
        assertThat(answer.path("id").asText()).matches("chatcmpl-[0-9a-f]{32}");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("created").isIntegralNumber()).isTrue();
        assertThat(answer.path("model").asText()).isEqualTo("tuned");
        assertThat(answer.path("choices").toString())
                .isEqualTo("[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"tuned heard user hello"
                        + " you\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]");
        assertThat(answer.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":14,\"completion_tokens\":5,\"total_tokens\":19,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":2}}");
    }

    @Test
    void readsADeveloperAsASystem() {
        String text = answer(
                        CHAT,
                        "{\"messages\":[{\"role\":\"developer\",\"content\":\"be\"},"
                                + "{\"role\":\"user\",\"content\":\"hi\"}]}")
                .at("/choices/0/message/content")
                .asText();

        assertThat(text).isEqualTo("tuned heard system be user hi");
    }

    @Test
    void tellsOfOneModelByItsName() {
        JsonNode one = ServedModel.json(served.get("/v1/models/base"));

        assertThat(one).isEqualTo(ServedModel.json(served.get("/v1/models")).at("/data/1"));
        assertThat(served.get("/v1/models/nobody").statusCode()).isEqualTo(404);
        assertThat(served.get("/v1/models/nobody").body()).contains("model_not_found", "tuned, base");
    }

    @Test
    void continuesATextAsItIs() {
        JsonNode answer = answer(TEXT, "{\"model\": \"base\", \"prompt\": [\"hello\"]}");

        assertThat(answer.path("id").asText()).startsWith("cmpl-");
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.path("choices").toString())
                .isEqualTo(
                        "[{\"index\":0,\"text\":\"base heard hello\",\"logprobs\":null,\"finish_reason\":\"stop\"}]");
    }

    @Test
    void saysLengthWhenTheTokensRanOut() {
        JsonNode choice = answer(CHAT, "{" + HELLO + ", \"max_completion_tokens\": 2}")
                .path("choices")
                .path(0);

        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        assertThat(choice.path("message").path("content").asText()).isEqualTo("tuned heard");
    }

    @Test
    void endsBeforeAStopStringAlsoAcrossTokens() {
        JsonNode choice = answer(CHAT, "{" + HELLO + ", \"stop\": [\"never\", \"r hel\"]}")
                .path("choices")
                .path(0);

        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.path("message").path("content").asText()).isEqualTo("tuned heard use");
    }

    @Test
    void samplesAtTemperatureOneUnlessTold() {
        answer(CHAT, "{" + HELLO + ", \"seed\": 7}");
        assertThat(model.lastSampling()).isEqualTo(new Sampling(1, 0, 1, 0, Sampling.Penalties.NONE, 7));

        answer(CHAT, "{" + HELLO + ", \"temperature\": 0, \"top_p\": 0.9, \"seed\": -1}");
        assertThat(model.lastSampling()).isEqualTo(new Sampling(0, 0, 0.9, 0, Sampling.Penalties.NONE, -1));
    }

    @Test
    void handsPenaltiesAndMinPOn() {
        answer(
                CHAT,
                "{" + HELLO + ", \"seed\": 1, \"min_p\": 0.05, \"presence_penalty\": 1, \"frequency_penalty\": -0.5,"
                        + " \"repetition_penalty\": 1.2}");

        assertThat(model.lastSampling())
                .isEqualTo(new Sampling(1, 0, 1, 0.05, new Sampling.Penalties(1.2, 1, -0.5), 1));
    }

    @Test
    void tellsTheOddsOfEveryTokenWhenAsked() {
        JsonNode content = answer(CHAT, "{" + HELLO + ", \"logprobs\": true, \"top_logprobs\": 2}")
                .path("choices")
                .path(0)
                .path("logprobs")
                .path("content");

        assertThat(content.findValuesAsText("token")).startsWith("tuned");
        assertThat(content).hasSize(5);
        JsonNode second = content.path(1);
        assertThat(second.path("token").asText()).isEqualTo(" heard");
        assertThat(second.path("logprob").asDouble()).isEqualTo(Math.log(0.5));
        assertThat(second.path("bytes").toString()).isEqualTo("[32,104,101,97,114,100]");
        assertThat(second.path("top_logprobs").path(1).path("token").asText()).isEqualTo("other1");
    }

    @Test
    void tellsTheOddsOfATextInListsOfTheSameLength() {
        JsonNode odds = answer(TEXT, "{\"model\": \"base\", \"prompt\": \"hello\", \"logprobs\": 1}")
                .path("choices")
                .path(0)
                .path("logprobs");

        assertThat(odds.path("tokens").toString()).isEqualTo("[\"base\",\" heard\",\" hello\"]");
        assertThat(odds.path("text_offset").toString()).isEqualTo("[0,4,10]");
        assertThat(odds.path("token_logprobs")).hasSize(3);
        assertThat(odds.path("top_logprobs").path(0).path("base").asDouble()).isEqualTo(Math.log(0.5));
    }

    @Test
    void countsTheTokensOfAText() {
        HttpResponse<String> response = served.post("/tokenize", "{\"content\": \"abc\"}");

        assertThat(response.body()).isEqualTo("{\"tokens\":[97,98,99],\"count\":3}");
        assertThat(served.post("/tokenize", "{\"text\": \"abc\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void acceptsWhatChangesNothing() {
        answer(
                CHAT,
                "{" + HELLO + ", \"n\": 1, \"user\": \"me\", \"presence_penalty\": 0, \"frequency_penalty\": 0.0,"
                        + " \"tools\": null, \"logprobs\": false, \"response_format\": {\"type\": \"text\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n\": 2 | n",
                "\"tools\": [] | tools",
                "\"logit_bias\": {\"5\": 1} | logit_bias",
                "\"logprobs\": 3 | logprobs",
                "\"logprobs\": true, \"top_logprobs\": 21 | top_logprobs",
                "\"top_logprobs\": 2 | top_logprobs",
                "\"min_p\": 1.5 | min_p",
                "\"response_format\": {\"type\": \"json_object\"} | response_format.type",
                "\"presence_penalty\": 2.1 | presence_penalty",
                "\"temperature\": 3 | temperature",
                "\"temperature\": \"hot\" | temperature",
                "\"max_tokens\": 0 | max_tokens",
                "\"stop\": [\"a\",\"b\",\"c\",\"d\",\"e\"] | stop",
                "\"stop\": \"\" | stop",
                "\"stream_options\": {\"include_usages\": true} | stream_options.include_usages",
                "\"stream\": 1 | stream",
            })
    void refusesWhatItDoesNotHonourNamingTheParameter(String field, String named) {
        HttpResponse<String> response = served.post(CHAT, "{" + HELLO + ", " + field + "}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = ServedModel.json(response).path("error");
        assertThat(names(error)).containsExactly("message", "type", "param", "code");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asText()).isEqualTo(named);
        assertThat(error.path("message").asText()).contains(named);
    }

    @Test
    void refusesAnUnknownModelWithOpenAisCode() {
        HttpResponse<String> response = served.post(CHAT, "{" + HELLO + ", \"model\": \"gpt-4o\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(ServedModel.json(response).path("error").path("code").asText())
                .isEqualTo("model_not_found");
    }

    @Test
    void refusesUnknownPathsInOpenAisForm() {
        HttpResponse<String> response = served.get("/v1/embeddings");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(ServedModel.json(response).path("error").path("message").asText())
                .isNotEmpty();
    }

    @Test
    void listsTheTunedModelAndTheBaseAsModels() {
        JsonNode list = ServedModel.json(served.get("/v1/models"));

        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data").findValuesAsText("id")).containsExactly("tuned", "base");
        assertThat(list.path("data").findValuesAsText("object")).containsOnly("model");
    }

    private JsonNode answer(String path, String body) {
        HttpResponse<String> response = served.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return ServedModel.json(response);
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
    }
}
