package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.RolloutException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a server's {@code /health}.
 *
 * @param url of the server
 * @param server whose death ends the wait
 * @param log named when it does not come up
 */
record Readiness(String url, Child server, Path log) {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int LOOKS_A_HEARTBEAT = 10;
    private static final int OK = 200;

    void await(Duration limit, Runnable waiting) {
        long end = System.nanoTime() + limit.toNanos();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            for (int look = 0; !healthy(http); look++) {
                refuseToWaitForever(end, limit);
                if (look % LOOKS_A_HEARTBEAT == 0) {
                    waiting.run();
                }
                pause();
            }
        }
    }

    private void refuseToWaitForever(long end, Duration limit) {
        if (!server.isAlive()) {
            throw new RolloutException.NotReady("The server ended before it was ready; its output is in " + log + ".");
        }
        if (System.nanoTime() > end) {
            server.stop();
            throw new RolloutException.NotReady(
                    "The server was not ready after " + limit.toSeconds() + " s; its output is in " + log + ".");
        }
    }

    private boolean healthy(HttpClient http) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RolloutException.NotReady("Interrupted while the server at " + url + " started.");
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RolloutException.NotReady("Interrupted while the server at " + url + " started.");
        }
    }
}
