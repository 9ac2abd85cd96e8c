package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.HttpSettings;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks for a bearer key where the server was given some; health, metrics and the page itself are open to all. */
@ServerFilter(Filter.MATCH_ALL_PATTERN)
final class ApiKeys {

    private static final String SCHEME = "Bearer ";
    private static final Set<String> OPEN =
            Set.of("/", "/health", "/health/live", "/health/ready", "/health/adapters", "/metrics", "/openapi.json");

    private final List<String> keys;

    ApiKeys(HttpSettings settings) {
        this.keys = settings.keys();
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> check(HttpRequest<?> request) {
        if (keys.isEmpty() || isOpen(request) || isKnown(request.getHeaders().get(HttpHeaders.AUTHORIZATION))) {
            return null;
        }
        Refusal refusal = Refusal.of(
                HttpStatus.UNAUTHORIZED,
                "This server asks for a key: send the header Authorization: Bearer KEY.",
                null,
                "invalid_api_key");
        return HttpResponse.status(HttpStatus.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(refusal.body(request.getPath()));
    }

    private static boolean isOpen(HttpRequest<?> request) {
        boolean page =
                request.getMethod() == HttpMethod.GET && request.getPath().equals("/chat");
        return page || OPEN.contains(request.getPath());
    }

    private boolean isKnown(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        // All of them, each in constant time: how long it takes tells nothing of a key.
        return keys.stream()
                        .filter(key -> MessageDigest.isEqual(key.getBytes(StandardCharsets.UTF_8), given))
                        .count()
                > 0;
    }
}
