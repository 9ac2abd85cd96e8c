package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.ChatService;
import io.kaitoflow.inference.server.http.body.JsonFields;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** What a text is to the model, for callers that count before they ask. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class TokenizeController {

    private final ChatService service;

    TokenizeController(ChatService service) {
        this.service = service;
    }

    /** The ids of a text, special tokens recognised, nothing added. */
    record Tokens(int[] tokens, int count) {}

    @Post("/tokenize")
    @Consumes(MediaType.ALL)
    Tokens tokenize(@Body byte[] json) {
        JsonFields body = JsonFields.parse(json);
        String text = body.text("content").orElseThrow(() -> body.refusal("content", "is missing"));
        body.refuseOthers();
        int[] tokens = service.tokens(text);
        return new Tokens(tokens, tokens.length);
    }
}
