package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DownloadException.Passing;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Downloads files, again and again where that can help. Owns its connections; the caller closes it. */
public final class Downloader implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(200);

    private final DownloadSettings settings;
    private final AddressRules rules;
    private final HttpClient client;

    public Downloader(DownloadSettings settings, AddressRules rules) {
        this.settings = settings;
        this.rules = rules;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connect())
                .build();
    }

    /**
     * Brings the whole file to its target, going on with what an earlier attempt left there.
     *
     * @throws DownloadException one child per reaction, none of them {@link Passing}
     */
    public Path fetch(Download download, ProgressListener listener) {
        return fetch(download, Optional.empty(), listener);
    }

    /**
     * As {@link #fetch}, but a file that is at the target already is sent again only where its server has another
     * version of it.
     */
    public Path refresh(Download download, ProgressListener listener) {
        return fetch(download, Optional.of(KeptVersion.of(download.target())), listener);
    }

    private Path fetch(Download download, Optional<KeptVersion> kept, ProgressListener listener) {
        int failed = 0;
        while (true) {
            try {
                return new Transfer(client, rules, settings, download, listener, kept).run();
            } catch (Passing passing) {
                failed++;
                if (failed >= (passing.connected() ? settings.attempts() : settings.connectAttempts())) {
                    throw givenUp(failed, passing);
                }
                pause(longer(passing.pause(), settings.backOffAfter(failed)), download, listener);
            }
        }
    }

    private static DownloadException.Unreachable givenUp(int attempts, Passing last) {
        String tries = attempts == 1 ? "" : " (" + attempts + " attempts)";
        return new DownloadException.Unreachable(last.getMessage() + tries + ".", last);
    }

    private Duration longer(Duration asked, Duration own) {
        Duration longer = asked.compareTo(own) > 0 ? asked : own;
        return longer.compareTo(settings.longestBackOff()) < 0 ? longer : settings.longestBackOff();
    }

    /** In ticks, because the listener must hear from us and may cancel. */
    private static void pause(Duration pause, Download download, ProgressListener listener) {
        long end = System.nanoTime() + pause.toNanos();
        try {
            while (System.nanoTime() < end) {
                listener.report("waiting to retry " + download.label(), 0, 0);
                Thread.sleep(TICK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The download of " + download.label() + " was interrupted.");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
