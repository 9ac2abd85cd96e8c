package io.kaitoflow.inference.server.http;

import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** Puts what the framework itself refuses (unknown paths, large bodies) into the forms of the other refusals. */
@Singleton
final class FrameworkErrors implements ErrorResponseProcessor<Object> {

    @Override
    public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        String errors = context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "));
        String message = errors.isEmpty() ? response.getStatus().getReason() : errors;
        Refusal refusal = Refusal.of(response.getStatus(), message, null, null);
        return response.<Object>body(refusal.body(context.getRequest().getPath()))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    }
}
