package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.RolloutException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Waits for what a server says of itself.
 *
 * @param url of the server
 * @param server whose death ends the wait
 */
record Readiness(String url, Child server) {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int LOOKS_A_HEARTBEAT = 10;
    private static final int OK = 200;

    void await(Duration limit, Runnable waiting) {
        try (HttpClient http = client()) {
            until(() -> healthy(http), limit, waiting);
        }
    }

    /** Waits until the server has dealt with a list of adapters; what it says against it, if it does not serve them. */
    Optional<String> awaitAdapters(String revision, Duration limit, Runnable waiting) {
        try (HttpClient http = client()) {
            AtomicReference<Optional<String>> refusal = new AtomicReference<>(Optional.empty());
            until(
                    () -> AdapterStanding.at(http, url)
                            .filter(standing -> standing.answers(revision))
                            .map(standing -> {
                                refusal.set(standing.refusal());
                                return true;
                            })
                            .orElse(false),
                    limit,
                    waiting);
            return refusal.get();
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    }

    private void until(BooleanSupplier done, Duration limit, Runnable waiting) {
        long end = System.nanoTime() + limit.toNanos();
        for (int look = 0; !done.getAsBoolean(); look++) {
            refuseToWaitForever(end, limit);
            if (look % LOOKS_A_HEARTBEAT == 0) {
                waiting.run();
            }
            server.exitWithin(LOOK_AGAIN).ifPresent(exit -> {
                throw new RolloutException.NotReady(exit.sentence());
            });
        }
    }

    private void refuseToWaitForever(long end, Duration limit) {
        if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
            throw new RolloutException.NotReady("The server was not ready after " + limit.toSeconds()
                    + " s; its output is in " + server.log() + ".");
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
}
