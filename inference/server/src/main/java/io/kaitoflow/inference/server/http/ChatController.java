package io.kaitoflow.inference.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaitoflow.inference.server.chat.ChatService;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import reactor.core.publisher.Mono;

/** KAITO's own call. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class ChatController {

    private final ChatRequestReader requests;
    private final ChatService service;
    private final ReplyTransport transport;

    ChatController(ChatRequestReader requests, ChatService service, ReplyTransport transport) {
        this.requests = requests;
        this.service = service;
        this.transport = transport;
    }

    /** The reply, under KAITO's name for it. */
    record Result(@JsonProperty("Result") String text) {}

    @Post("/chat")
    @Consumes(MediaType.ALL)
    Mono<Result> chat(HttpRequest<?> http, @Body byte[] body) {
        ChatRequest request = requests.read(body);
        return transport.whole(http, service.reply(request.order()), text -> new Result(request.shown(text)));
    }
}
