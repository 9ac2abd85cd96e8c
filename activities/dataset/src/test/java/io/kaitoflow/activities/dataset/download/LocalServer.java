package io.kaitoflow.activities.dataset.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server on the loopback address that remembers what it was asked. */
public final class LocalServer implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public LocalServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    /** Answers a path; the handler need not close the exchange. */
    public LocalServer on(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestURI().toString());
                handler.handle(exchange);
            }
        });
        return this;
    }

    /** Answers a path with these bytes. */
    public LocalServer serve(String path, byte[] body) {
        return on(path, exchange -> answer(exchange, 200, body));
    }

    /** Answers a path with a status alone. */
    public LocalServer refuse(String path, int status) {
        return on(path, exchange -> exchange.sendResponseHeaders(status, -1));
    }

    /** From now on nothing is there. */
    public void remove(String path) {
        server.removeContext(path);
    }

    public static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public URI uri(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    /** Host and port, as an allow-list takes them. */
    public String authority() {
        return "localhost:" + server.getAddress().getPort();
    }

    /** Paths with queries, in the order of the requests. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
