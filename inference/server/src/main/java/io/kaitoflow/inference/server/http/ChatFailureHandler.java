package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives every failure of a reply its status and form; the one place that logs them. */
@Singleton
final class ChatFailureHandler implements ExceptionHandler<ChatFailure, HttpResponse<?>> {

    private static final Logger LOG = LoggerFactory.getLogger(ChatFailureHandler.class);

    @Override
    @SuppressWarnings("rawtypes") // Micronaut declares its handlers with a raw request
    public HttpResponse<?> handle(HttpRequest request, ChatFailure failure) {
        if (failure instanceof ChatFailure.GenerationFailed) {
            LOG.error("A reply failed.", failure);
        }
        Refusal refusal = Refusal.of(failure);
        MutableHttpResponse<Object> response = HttpResponse.status(refusal.status())
                .body(refusal.body(request.getPath()))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
        refusal.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, "" + wait.toSeconds()));
        return response;
    }
}
