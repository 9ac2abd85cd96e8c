package io.kaitoflow.inference.server.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that answers each call with two pieces: at once, or at {@code /paused} the second after {@link #open}; at
 * {@code /dying} there is no second one.
 */
final class ScriptedUpstream implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    private ScriptedUpstream(HttpServer server) {
        this.server = server;
    }

    static ScriptedUpstream start() throws IOException {
        ScriptedUpstream upstream = new ScriptedUpstream(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
        upstream.server.setExecutor(upstream.threads);
        upstream.server.createContext("/", upstream::answer);
        upstream.server.start();
        return upstream;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** How many it was asked. */
    int calls() {
        return calls.get();
    }

    void open() {
        gate.countDown();
    }

    private void answer(HttpExchange caller) throws IOException {
        calls.incrementAndGet();
        caller.getRequestBody().readAllBytes();
        caller.sendResponseHeaders(200, 0);
        say(caller, "one ");
        switch (caller.getRequestURI().getPath()) {
            case "/paused" -> await();
            case "/dying" -> throw new IOException("scripted");
            default -> {}
        }
        say(caller, "two");
        caller.close();
    }

    private void await() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(HttpExchange caller, String piece) throws IOException {
        caller.getResponseBody().write(piece.getBytes(StandardCharsets.US_ASCII));
        caller.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
