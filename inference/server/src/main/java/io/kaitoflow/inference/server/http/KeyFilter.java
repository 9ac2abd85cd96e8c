package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.keys.Doorkeeper;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/** Lets a call in that the doorkeeper lets pass. */
@ServerFilter(Filter.MATCH_ALL_PATTERN)
final class KeyFilter {

    private final Doorkeeper doorkeeper;

    KeyFilter(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> check(HttpRequest<?> request) {
        String authorization = request.getHeaders().get(HttpHeaders.AUTHORIZATION, String.class, "");
        if (doorkeeper.lets(request.getMethodName(), request.getPath(), authorization)) {
            return null;
        }
        Refusal refusal = Refusal.of(HttpStatus.UNAUTHORIZED, Doorkeeper.QUESTION, null, "invalid_api_key");
        return HttpResponse.status(HttpStatus.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(refusal.body(request.getPath()));
    }
}
