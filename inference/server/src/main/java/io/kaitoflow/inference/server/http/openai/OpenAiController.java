package io.kaitoflow.inference.server.http.openai;

import io.kaitoflow.inference.server.chat.ChatService;
import io.kaitoflow.inference.server.chat.Reply;
import io.kaitoflow.inference.server.http.ReplyTransport;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** OpenAI's two completion calls. */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class OpenAiController {

    private final CompletionRequestReader requests;
    private final ChatService service;
    private final CompletionWriter writer;
    private final ReplyTransport transport;

    OpenAiController(
            CompletionRequestReader requests, ChatService service, CompletionWriter writer, ReplyTransport transport) {
        this.requests = requests;
        this.service = service;
        this.writer = writer;
        this.transport = transport;
    }

    @Post("/chat/completions")
    @Consumes(MediaType.ALL)
    Publisher<? extends HttpResponse<?>> chat(HttpRequest<?> http, @Body byte[] body) {
        return answer(http, CompletionForm.CHAT, requests.readChat(body));
    }

    @Post("/completions")
    @Consumes(MediaType.ALL)
    Publisher<? extends HttpResponse<?>> text(HttpRequest<?> http, @Body byte[] body) {
        return answer(http, CompletionForm.TEXT, requests.readText(body));
    }

    private Publisher<? extends HttpResponse<?>> answer(
            HttpRequest<?> http, CompletionForm form, CompletionRequest request) {
        Reply reply = service.reply(request.order());
        return request.stream()
                ? Mono.just(events(form, reply, request.countTokens()))
                : transport.whole(http, reply, text -> HttpResponse.ok(writer.whole(form, reply, text)));
    }

    private HttpResponse<?> events(CompletionForm form, Reply reply, boolean countTokens) {
        return HttpResponse.ok(transport.events(reply, writer.frames(form, reply, countTokens)))
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
}
