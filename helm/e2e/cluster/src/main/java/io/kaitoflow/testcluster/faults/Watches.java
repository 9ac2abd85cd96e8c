package io.kaitoflow.testcluster.faults;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.HttpURLConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Watches: over a web socket with faults in its events, over plain HTTP as they are; both can be cut. */
final class Watches {

    private static final String GONE = """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Expired","code":410,
             "message":"too old resource version"}""";

    private final Vertx vertx;
    private final HttpClient upstream;
    private final WebSocketClient sockets;
    private final Striking faults;
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();

    /** @param upstream and {@code sockets} know where the API server is */
    Watches(Vertx vertx, HttpClient upstream, WebSocketClient sockets, Striking faults) {
        this.vertx = vertx;
        this.upstream = upstream;
        this.sockets = sockets;
        this.faults = faults;
    }

    static boolean is(HttpServerRequest request) {
        return "true".equals(request.getParam("watch")) || upgrades(request);
    }

    void open(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        open.add(connection);
        connection.closeHandler(closed -> open.remove(connection));
        if (upgrades(request)) {
            upgrade(request);
        } else {
            stream(request);
        }
    }

    /** Every watch ends without a word. */
    void cut() {
        open.forEach(connection -> {
            faults.count(Fault.WATCH_CUT);
            var unused = connection.close();
        });
    }

    private static boolean upgrades(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    private void upgrade(HttpServerRequest request) {
        request.pause();
        WebSocketConnectOptions options = new WebSocketConnectOptions().setURI(request.uri());
        for (CharSequence header : Set.of(HttpHeaders.AUTHORIZATION, HttpHeaders.ORIGIN, HttpHeaders.USER_AGENT)) {
            String value = request.getHeader(header);
            if (value != null) {
                options.addHeader(header, value);
            }
        }
        sockets.connect(options)
                .onFailure(refused -> refuse(request, refused))
                .onSuccess(source -> join(request, source));
    }

    private void join(HttpServerRequest request, WebSocket source) {
        source.pause();
        request.toWebSocket().onFailure(gone -> source.close()).onSuccess(sink -> {
            if (source.isClosed()) {
                // It may end while its client is still being answered.
                var unused = request.connection().close();
            } else {
                connect(source, sink, request.connection());
            }
        });
    }

    private void connect(WebSocket source, ServerWebSocket sink, HttpConnection connection) {
        EventStream events = new EventStream(vertx, faults, sink, connection);
        source.textMessageHandler(events::pass);
        source.closeHandler(ended -> connection.close());
        sink.closeHandler(ended -> source.close());
        source.resume();
    }

    private static void refuse(HttpServerRequest request, Throwable refused) {
        if (refused instanceof UpgradeRejectedException answer) {
            request.response().setStatusCode(answer.getStatus());
            var unused = answer.getBody() == null
                    ? request.response().end()
                    : request.response().end(answer.getBody());
        } else {
            var unused = request.connection().close();
        }
    }

    private void stream(HttpServerRequest request) {
        if (faults.strike(Fault.WATCH_GONE)) {
            var unused = request.response()
                    .setStatusCode(HttpURLConnection.HTTP_GONE)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(GONE);
            return;
        }
        upstream.request(request.method(), request.uri())
                .compose(out -> {
                    out.headers().setAll(request.headers()).remove(HttpHeaders.HOST);
                    return out.send();
                })
                .onFailure(nobodyAnswers -> request.connection().close())
                .onSuccess(answer -> {
                    request.response().setStatusCode(answer.statusCode()).setChunked(true);
                    request.response().headers().setAll(answer.headers());
                    answer.pipeTo(request.response())
                            .onFailure(cut -> request.connection().close());
                });
    }
}
