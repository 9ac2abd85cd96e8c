package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Gives every failure of a reply its status and form. */
@Singleton
final class ChatFailureHandler implements ExceptionHandler<ChatFailure, HttpResponse<?>> {

    /** OpenAI's clients send whatever is answered with 500 or more again, unless they read this. */
    private static final String SHOULD_RETRY = "x-should-retry";

    @Override
    @SuppressWarnings("rawtypes") // Micronaut declares its handlers with a raw request
    public HttpResponse<?> handle(HttpRequest request, ChatFailure failure) {
        Refusal refusal = Refusal.of(failure);
        MutableHttpResponse<Object> response = HttpResponse.status(refusal.status())
                .body(refusal.body(request.getPath()))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
        refusal.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, "" + wait.toSeconds()));
        if (failure instanceof ChatFailure.DeadlineExceeded) {
            // It would take as long once more, and a slot with it.
            response.header(SHOULD_RETRY, "false");
        }
        return response;
    }
}
