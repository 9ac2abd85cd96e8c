package io.kaitoflow.activities.image.registry;

import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Sends single requests: each is answered whole within its time, or ends as a named failure. */
final class Transport implements AutoCloseable {

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final HttpClient http;
    private final RegistryTimeouts timeouts;
    private final Pulse pulse;

    Transport(RegistryTimeouts timeouts, Pulse pulse) {
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeouts.connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.timeouts = timeouts;
        this.pulse = pulse;
    }

    /**
     * @param doing what the request is for, as a message begins
     * @param bytes size of the larger body of the two
     */
    HttpResponse<byte[]> send(String doing, HttpRequest request, BodyHandler<byte[]> handler, long bytes) {
        Duration bound = timeouts.carrying(bytes);
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, handler);
        try {
            return await(doing, request, answer, bound);
        } finally {
            answer.cancel(true);
        }
    }

    private HttpResponse<byte[]> await(
            String doing, HttpRequest request, CompletableFuture<HttpResponse<byte[]>> answer, Duration bound) {
        String on = doing + " on " + request.uri().getAuthority();
        long end = System.nanoTime() + bound.toNanos();
        while (true) {
            long left = Math.min(BEAT.toNanos(), end - System.nanoTime());
            try {
                return answer.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
            } catch (TimeoutException notYet) {
                if (System.nanoTime() >= end) {
                    throw new ImageException.Unavailable(
                            on + " was not answered within " + bound.toSeconds() + " s.", notYet);
                }
                pulse.beat();
            } catch (ExecutionException failed) {
                throw failure(on, failed.getCause() == null ? failed : failed.getCause());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new ImageException.Unavailable(on + " was interrupted.", stopped);
            }
        }
    }

    private static ImageException failure(String on, Throwable cause) {
        if (cause instanceof HttpConnectTimeoutException) {
            return new ImageException.Unavailable(on + " failed: the connection could not be made in time.", cause);
        }
        if (nobodyThere(cause)) {
            return new ImageException.Unreachable(on + " failed: nobody is there (" + answer(cause) + ").", cause);
        }
        if (cause instanceof IOException broken
                && broken.getMessage() != null
                && broken.getMessage().contains("No space left")) {
            return ImageException.ofFile(on, broken);
        }
        return new ImageException.Unavailable(on + " failed: " + answer(cause) + ".", cause);
    }

    private static boolean nobodyThere(Throwable cause) {
        return Stream.iterate(cause, c -> c != null, Throwable::getCause)
                .anyMatch(c -> c instanceof ConnectException
                        || c instanceof UnknownHostException
                        || c instanceof NoRouteToHostException);
    }

    private static String answer(Throwable cause) {
        boolean unresolved = Stream.iterate(cause, c -> c != null, Throwable::getCause)
                .anyMatch(c -> c instanceof UnresolvedAddressException);
        if (unresolved) {
            return "the host name is unknown";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
