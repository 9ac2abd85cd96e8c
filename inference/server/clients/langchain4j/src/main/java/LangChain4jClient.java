import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** LangChain4j's OpenAI models against a running server; each check has a name, and the first that fails ends the program. */
public final class LangChain4jClient {
    private static final String QUESTION = "What is the capital of France?";

    private final String url;
    private final String model;

    private LangChain4jClient(String url, String model) {
        this.url = url;
        this.model = model;
    }

    public static void main(String[] arguments) throws Exception {
        LangChain4jClient client = new LangChain4jClient(arguments[0], arguments[1]);
        client.chat();
        client.stop();
        client.length();
        client.stream();
        client.schema();
        client.errors();
    }

    private OpenAiChatModel.OpenAiChatModelBuilder chatModel() {
        return OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey("none")
                .modelName(model)
                .temperature(0.0)
                .maxTokens(32)
                .maxRetries(0);
    }

    private void chat() {
        ChatResponse answer = chatModel().build().chat(UserMessage.from(QUESTION));
        check("chat", answer.aiMessage().text().contains("Paris"));
        check("usage", answer.tokenUsage().outputTokenCount() > 1);
    }

    private void stop() {
        ChatResponse answer = chatModel().stop(List.of("Paris")).build().chat(UserMessage.from(QUESTION));
        check("stop", answer.finishReason() == FinishReason.STOP && !answer.aiMessage().text().contains("Paris"));
    }

    private void length() {
        ChatResponse answer = chatModel().maxTokens(2).build().chat(UserMessage.from(QUESTION));
        check("length", answer.finishReason() == FinishReason.LENGTH);
    }

    private void stream() throws Exception {
        CompletableFuture<String> whole = new CompletableFuture<>();
        StringBuilder pieces = new StringBuilder();
        OpenAiStreamingChatModel.builder()
                .baseUrl(url)
                .apiKey("none")
                .modelName(model)
                .temperature(0.0)
                .maxTokens(32)
                .build()
                .chat(QUESTION, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        pieces.append(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response.aiMessage().text());
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        check("stream", whole.get(60, TimeUnit.SECONDS).equals(pieces.toString()) && pieces.toString().contains("Paris"));
    }

    private void schema() {
        JsonObjectSchema city = JsonObjectSchema.builder()
                .addStringProperty("city")
                .addBooleanProperty("capital")
                .required("city", "capital")
                .additionalProperties(false)
                .build();
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name("city").rootElement(city).build())
                .build();
        ChatResponse answer = chatModel()
                .maxTokens(100)
                .strictJsonSchema(true)
                .build()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from("The capital of France, as JSON."))
                        .responseFormat(format)
                        .build());
        check("schema", answer.aiMessage().text().matches("\\{\"city\":\".*\",\"capital\":(true|false)}"));
    }

    private void errors() {
        try {
            chatModel().modelName("nobody").build().chat(QUESTION);
            check("unknown model", false);
        } catch (LangChain4jException e) {
            check("unknown model", e.getCause() instanceof HttpException http && http.statusCode() == 404);
        }
    }

    private static void check(String name, boolean met) {
        if (!met) {
            System.err.println("failed: " + name);
            System.exit(1);
        }
        System.out.println("ok: " + name);
    }
}
