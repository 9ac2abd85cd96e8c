package io.kaitoflow.activities.image.parking;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one adapter over HTTP: {@code PUT /adapter} with a tar. Who knocks shows no token, for nothing is given out, and nothing is
 * taken but the weights whose digest is waited for, which only who trained them has. {@code GET /health/ready} is 200.
 */
public final class ParkingDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ParkingDoor.class);
    private static final int UNPROCESSABLE = 422;

    private final HttpServer server;
    private final ParkedFolder folder;
    private final Digest weights;

    /**
     * @param port 0 takes any free one
     * @param weights that are waited for
     */
    public ParkingDoor(int port, ParkedFolder folder, Digest weights) {
        this.folder = folder;
        this.weights = weights;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + port + " of the parking place cannot be opened", e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health/ready", exchange -> answer(exchange, HttpURLConnection.HTTP_OK, ""));
        server.createContext("/adapter", this::take);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void take(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("PUT")) {
            answer(exchange, HttpURLConnection.HTTP_BAD_METHOD, "Adapters are PUT here.");
            return;
        }
        try {
            takeOnce(exchange);
            answer(exchange, HttpURLConnection.HTTP_CREATED, "");
        } catch (ImageException refused) {
            LOG.warn("A parcel was not taken: {}", refused.getMessage());
            answer(exchange, UNPROCESSABLE, String.valueOf(refused.getMessage()));
        }
    }

    /** Whoever did not hear the answer asks again; and hears none before all was said. */
    private synchronized void takeOnce(HttpExchange exchange) throws IOException {
        InputStream body = exchange.getRequestBody();
        if (!folder.holds(weights)) {
            folder.take(body, weights);
            LOG.info("The adapter is kept in {}", folder.of(weights));
        }
        body.transferTo(OutputStream.nullOutputStream());
    }

    private static void answer(HttpExchange exchange, int status, String words) throws IOException {
        byte[] body = words.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
