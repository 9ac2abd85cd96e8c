package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.activities.dataset.download.DownloadException.Passing;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What a server answered, and what that means for a download. */
record Answer(URI address, HttpResponse<Long> response) {

    boolean isRedirect() {
        return switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** The file there is the one that was asked about. */
    boolean isUnchanged() {
        return response.statusCode() == 304;
    }

    URI redirectedTo() {
        String location = response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new DownloadException.Unusable(shown() + " redirects to nowhere."));
        try {
            return address.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DownloadException.Unusable(shown() + " redirects to something that is no address.");
        }
    }

    /** The part that is here is longer than the file there. */
    boolean rejectsTheRange() {
        return response.statusCode() == 416;
    }

    /** @throws DownloadException when the body is not the file that was asked for */
    void requireFile() {
        int status = response.statusCode();
        if (status == 200 || status == 206) {
            if (isWebPage(response.headers())) {
                throw new DownloadException.Unusable(
                        shown() + " answered with a web page instead of a file, perhaps a login page;"
                                + " give an address that downloads the file without signing in.");
            }
            return;
        }
        throw switch (status) {
            case 401, 403 ->
                new DownloadException.Denied(
                        shown() + " answered " + status + ": it may not be read without signing in.");
            case 404, 410 ->
                new DownloadException.Unusable(shown() + " answered " + status + ": there is no such file.");
            case 408, 416, 425, 429 -> later(status);
            default ->
                status >= 500
                        ? later(status)
                        : new DownloadException.Unusable(shown() + " answered " + status + " instead of the file.");
        };
    }

    private Passing later(int status) {
        return Passing.askedToWait(shown() + " answered " + status, askedPause());
    }

    /** Retry-After in seconds; the form with a date is rare, and our own back-off does as well. */
    private Duration askedPause() {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    static boolean isWebPage(HttpHeaders headers) {
        return headers.firstValue("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/html"))
                .isPresent();
    }

    /** An entity tag that names the bytes exactly; weak ones do not, and a range on them would mix two versions. */
    static Optional<String> strongVersion(HttpHeaders headers) {
        return headers.firstValue("ETag").filter(tag -> tag.startsWith("\""));
    }

    private String shown() {
        return Addresses.shown(address);
    }
}
