package io.kaitoflow.worker.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers the probes {@code /health/live} and {@code /health/ready}: 200, or 503 and a line for each thing that is missing; and
 * {@code /metrics}.
 */
final class HealthEndpoint implements AutoCloseable {

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;

    /**
     * @param live says what only a fresh process can mend, one sentence each
     * @param ready says what is missing
     * @param metrics in Prometheus' text
     */
    HealthEndpoint(int port, Supplier<List<String>> live, Supplier<List<String>> ready, Supplier<String> metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Port " + port + " for health probes cannot be opened; set KAITOFLOW_HEALTH_PORT", e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health/live", exchange -> answer(exchange, live));
        server.createContext("/health/ready", exchange -> answer(exchange, ready));
        server.createContext("/metrics", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", PROMETHEUS_TEXT);
            send(exchange, HttpURLConnection.HTTP_OK, metrics.get());
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, Supplier<List<String>> missing) throws IOException {
        List<String> sentences = missing.get();
        boolean fine = sentences.isEmpty();
        send(
                exchange,
                fine ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
                (fine ? "ok" : String.join("\n", sentences)) + "\n");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
