package io.kaitoflow.worker.tuner;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Tells a kubelet at {@code /health/ready} whether this tuner takes work: 200 or 503. */
final class HealthEndpoint implements AutoCloseable {

    private final HttpServer server;

    /** @param port 0 takes any free one */
    HealthEndpoint(int port, BooleanSupplier ready) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + port + " for the kubelet's probe cannot be opened", e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health/ready", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(
                        ready.getAsBoolean() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE, -1);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
