package io.kaitoflow.testcluster.faults;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Requests that have one answer each. */
final class Exchanges {

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int LONGEST_DELAY_MILLIS = 700;

    private static final String CONFLICT = """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Conflict","code":409,
             "message":"Operation cannot be fulfilled: the object has been modified"}""";

    private final Vertx vertx;
    private final HttpClient upstream;
    private final Striking faults;
    private final SeenVersions versions = new SeenVersions();

    /** What came back. */
    private record Answer(HttpClientResponse head, Buffer body) {}

    /** @param upstream knows where the API server is */
    Exchanges(Vertx vertx, HttpClient upstream, Striking faults) {
        this.vertx = vertx;
        this.upstream = upstream;
        this.faults = faults;
    }

    void forward(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (writesStatus(request) && faults.strike(Fault.STATUS_CONFLICT)) {
                conflict(request);
            } else if (faults.strike(Fault.SLOW)) {
                vertx.setTimer(1 + faults.pick(LONGEST_DELAY_MILLIS), due -> relay(request, body));
            } else {
                relay(request, body);
            }
        });
    }

    private void relay(HttpServerRequest request, Buffer body) {
        ask(request, body).onFailure(nobodyAnswers -> breakOff(request)).onSuccess(answer -> {
            versions.read(answer.body().toString());
            if (!READING.contains(request.method()) && faults.strike(Fault.ANSWER_LOST)) {
                breakOff(request);
            } else {
                answer(request, answer);
            }
        });
    }

    private Future<Answer> ask(HttpServerRequest request, Buffer body) {
        Optional<String> old = satisfiedByAny(request) ? oldList(request) : Optional.empty();
        return old.isEmpty()
                ? ask(request, request.uri(), body)
                : ask(request, old.get(), body)
                        .compose(answer -> answer.head().statusCode() == HttpURLConnection.HTTP_OK
                                ? Future.succeededFuture(answer)
                                : ask(request, request.uri(), body));
    }

    private Optional<String> oldList(HttpServerRequest request) {
        return faults.strike(Fault.STALE_LIST)
                ? versions.older(faults.plan())
                        .map(version -> request.uri()
                                .replace("resourceVersion=0", "resourceVersionMatch=Exact&resourceVersion=" + version))
                : Optional.empty();
    }

    private Future<Answer> ask(HttpServerRequest request, String uri, Buffer body) {
        return upstream.request(request.method(), uri)
                .compose(out -> sent(out, request.headers(), body))
                .compose(head -> head.body().map(content -> new Answer(head, content)));
    }

    private static Future<HttpClientResponse> sent(HttpClientRequest out, MultiMap headers, Buffer body) {
        out.headers().setAll(headers).remove(HttpHeaders.HOST).remove(HttpHeaders.ACCEPT_ENCODING);
        return out.send(body);
    }

    private void answer(HttpServerRequest request, Answer answer) {
        request.response()
                .setStatusCode(answer.head().statusCode())
                .headers()
                .setAll(answer.head().headers())
                .remove(HttpHeaders.CONTENT_LENGTH)
                .remove(HttpHeaders.TRANSFER_ENCODING);
        var unused = request.response().end(strange(request, answer));
    }

    private Buffer strange(HttpServerRequest request, Answer answer) {
        boolean ofWorkspaces = path(request).contains("/workspaces")
                && answer.head().statusCode() == HttpURLConnection.HTTP_OK
                && READING.contains(request.method());
        return ofWorkspaces && faults.strike(Fault.STRANGE_FIELDS)
                ? StrangeFields.added(new JsonObject(answer.body())).toBuffer()
                : answer.body();
    }

    private static void conflict(HttpServerRequest request) {
        var unused = request.response()
                .setStatusCode(HttpURLConnection.HTTP_CONFLICT)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(CONFLICT);
    }

    private static void breakOff(HttpServerRequest request) {
        var unused = request.connection().close();
    }

    private static boolean writesStatus(HttpServerRequest request) {
        return request.method().equals(HttpMethod.PATCH) && path(request).endsWith("/status");
    }

    private static String path(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.path(), "");
    }

    /** Informers begin with such a list; one that asks for the newest must get the newest. */
    private static boolean satisfiedByAny(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) && "0".equals(request.getParam("resourceVersion"));
    }
}
