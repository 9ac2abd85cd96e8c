package io.kaitoflow.inference.server.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;

/**
 * The server behind the gateway.
 *
 * @param base its address
 * @param http reaches it
 * @param deadline of one reply
 */
record Upstream(URI base, HttpClient http, Duration deadline) {

    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(3);

    /** What a caller may say to it, and it to a caller; the rest belongs to one connection. */
    private static final Set<String> PASSED =
            Set.of("content-type", "accept", "authorization", "x-request-id", "cache-control", "retry-after");

    static Upstream at(URI base, Duration deadline) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(HEALTH_PATIENCE)
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        return new Upstream(base, http, deadline);
    }

    /** Whether it says that it is healthy. */
    boolean healthy() throws InterruptedException {
        try {
            HttpRequest question = HttpRequest.newBuilder(place("/health"))
                    .timeout(HEALTH_PATIENCE)
                    .build();
            return http.send(question, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException nobody) {
            return false;
        }
    }

    HttpResponse<String> post(String path, String json, HttpExchange caller) throws IOException, InterruptedException {
        HttpRequest.Builder call = HttpRequest.newBuilder(place(path)).timeout(deadline);
        pass(caller.getRequestHeaders(), call);
        call.setHeader("Content-Type", "application/json");
        return http.send(call.POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
    }

    /** The same call, and its answer as it comes: a stream stays one. */
    void passThrough(HttpExchange caller, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder call = HttpRequest.newBuilder(place(path(caller) + query(caller)))
                .timeout(deadline)
                .method(
                        caller.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        pass(caller.getRequestHeaders(), call);
        HttpResponse<InputStream> answer = http.send(call.build(), BodyHandlers.ofInputStream());
        try (InputStream stream = answer.body()) {
            answer.headers().map().forEach((name, values) -> {
                if (PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    caller.getResponseHeaders().put(name, values);
                }
            });
            caller.sendResponseHeaders(answer.statusCode(), 0);
            copy(stream, caller.getResponseBody());
        }
    }

    /** Put together and never resolved against the base: a caller's text could then name another host. */
    private URI place(String path) {
        return URI.create(base.getScheme() + "://" + base.getRawAuthority() + path);
    }

    private static String path(HttpExchange caller) {
        String path = caller.getRequestURI().getRawPath();
        if (path.startsWith("//")) {
            throw new Refused(400, "The path " + path + " must begin with one slash, and has two.");
        }
        return path;
    }

    /** Each piece goes on at once. */
    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] piece = new byte[8192];
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            to.write(piece, 0, read);
            to.flush();
        }
    }

    private static String query(HttpExchange caller) {
        String query = caller.getRequestURI().getRawQuery();
        return query == null ? "" : "?" + query;
    }

    private static void pass(Headers headers, HttpRequest.Builder call) {
        headers.forEach((name, values) -> {
            if (PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> call.header(name, value));
            }
        });
    }
}
