package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DownloadException.Passing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One attempt at a download.
 *
 * <p>Addresses are checked right before each request. The client looks the name up once more, and the JVM answers that
 * from its name cache, so what was checked is what is connected to.
 */
final class Transfer {

    private static final int MOST_REDIRECTS = 5;
    private static final long TICK_MILLIS = 200;

    private final HttpClient client;
    private final AddressRules rules;
    private final DownloadSettings settings;
    private final Download download;
    private final ProgressListener listener;
    private final PartFile part;
    private final Optional<KeptVersion> kept;
    private final AtomicLong arrived = new AtomicLong();
    private volatile long expected;

    /** @param kept the version that is at the target, perhaps; absent where the bytes are checked in another way */
    Transfer(
            HttpClient client,
            AddressRules rules,
            DownloadSettings settings,
            Download download,
            ProgressListener listener,
            Optional<KeptVersion> kept) {
        this.client = client;
        this.rules = rules;
        this.settings = settings;
        this.download = download;
        this.listener = listener;
        this.part = new PartFile(download.target());
        this.kept = kept;
    }

    Path run() {
        try {
            URI address = download.address();
            for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
                rules.check(address);
                Answer answer = new Answer(address, send(request(address)));
                if (kept.isPresent() && kept.get().isThere() && answer.isUnchanged()) {
                    return download.target();
                }
                if (!answer.isRedirect()) {
                    finish(answer);
                    return download.target();
                }
                address = answer.redirectedTo();
            }
            throw new DownloadException.Unusable(shown() + " redirects more than " + MOST_REDIRECTS + " times.");
        } catch (DownloadException.Unusable e) {
            throw discarded(e);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** What is of no use must not wait for a later attempt to go on with it. */
    private DownloadException discarded(DownloadException.Unusable reason) {
        try {
            part.discard();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
        return reason;
    }

    private HttpRequest request(URI address) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).GET();
        if (Addresses.sameOrigin(address, download.address())) {
            download.bearer().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        long resumable = part.resumableBytes();
        Optional<String> version = part.version();
        if (resumable > 0 && version.isPresent()) {
            request.header("Range", "bytes=" + resumable + "-").header("If-Range", version.get());
        } else if (kept.isPresent()) {
            kept.get().askForAnother(request);
        }
        return request.build();
    }

    /** Waits in this thread, so that the listener hears of the silence too and can end it. */
    private HttpResponse<Long> send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<Long>> exchange = client.sendAsync(request, this::sink);
        long heard = System.nanoTime();
        long before = -1;
        try {
            while (true) {
                try {
                    return exchange.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException tick) {
                    listener.report("downloading " + download.label(), arrived.get(), expected);
                }
                if (arrived.get() != before) {
                    before = arrived.get();
                    heard = System.nanoTime();
                }
                if (System.nanoTime() - heard > settings.stall().toNanos()) {
                    throw Passing.interrupted(
                            shown() + " sent nothing for " + settings.stall().toSeconds() + " seconds", null);
                }
            }
        } catch (ExecutionException e) {
            throw broken(Objects.requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The download of " + download.label() + " was interrupted.");
        } finally {
            exchange.cancel(true);
        }
    }

    /** Only a body that is the file goes to the disk. */
    private BodySubscriber<Long> sink(ResponseInfo info) {
        try {
            boolean resumes = info.statusCode() == 206;
            if (!resumes && info.statusCode() != 200 || Answer.isWebPage(info.headers())) {
                return BodySubscribers.replacing(0L);
            }
            arrived.set(resumes ? resumedFrom(info) : 0);
            long coming = info.headers().firstValueAsLong("Content-Length").orElse(0);
            expected = coming == 0 ? 0 : arrived.get() + coming;
            requireRoom(coming);
            var channel = resumes ? part.goOn() : part.start(Answer.strongVersion(info.headers()));
            return new FileSink(channel, arrived, settings.largest().bytes());
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private long resumedFrom(ResponseInfo info) throws IOException {
        long here = part.resumableBytes();
        String range = info.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + here + "-")) {
            part.discard();
            throw Passing.interrupted(shown() + " resumed at another byte than it was asked to", null);
        }
        return here;
    }

    private void requireRoom(long coming) throws IOException {
        if (expected > settings.largest().bytes()) {
            throw DownloadException.Unusable.tooLarge(shown(), settings.largest());
        }
        DiskSpace.require(part.folder(), coming);
    }

    private void finish(Answer answer) throws IOException {
        if (answer.rejectsTheRange()) {
            part.discard();
        }
        answer.requireFile();
        if (expected > 0 && arrived.get() != expected) {
            throw Passing.interrupted(shown() + " broke off after " + arrived + " of " + expected + " bytes", null);
        }
        publish(answer);
        listener.report("downloading " + download.label(), arrived.get(), arrived.get());
    }

    private void publish(Answer answer) throws IOException {
        if (kept.isPresent()) {
            kept.get().forget();
        }
        part.complete();
        if (kept.isPresent()) {
            kept.get().remember(answer.response().headers());
        }
    }

    private DownloadException broken(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof DownloadException known) {
                return known;
            }
            if (each instanceof FileSink.LimitReached) {
                return DownloadException.Unusable.tooLarge(shown(), settings.largest());
            }
        }
        if (DiskSpace.isExhausted(cause)) {
            return new DownloadException.DiskFull(part.folder(), " for " + download.label(), cause);
        }
        return ConnectionTrouble.passing(shown(), cause);
    }

    private String shown() {
        return Addresses.shown(download.address());
    }
}
