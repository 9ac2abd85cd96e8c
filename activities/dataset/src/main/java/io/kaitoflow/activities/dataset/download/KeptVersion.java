package io.kaitoflow.activities.dataset.download;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which version of the remote file a whole file is. A note beside it holds the header that asks its server for another
 * one, so that a file which did not change is not sent again.
 */
record KeptVersion(Path target, Path note) {

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");

    static KeptVersion of(Path target) {
        return new KeptVersion(target, target.resolveSibling("." + target.getFileName() + ".version"));
    }

    boolean isThere() {
        return Files.exists(target);
    }

    /** Without a note the file is asked for whatever its version is. */
    void askForAnother(HttpRequest.Builder request) throws IOException {
        if (!isThere() || !Files.isRegularFile(note)) {
            return;
        }
        List<String> header = Files.readAllLines(note);
        if (header.size() == 2) {
            request.header(header.getFirst(), header.getLast());
        }
    }

    /** Before the file is replaced: a note must never speak of other bytes. */
    void forget() throws IOException {
        Files.deleteIfExists(note);
    }

    /** @param headers that came with the file; where they name no version, none is noted */
    void remember(HttpHeaders headers) throws IOException {
        Optional<List<String>> header = value(headers, "ETag")
                .map(tag -> List.of("If-None-Match", tag))
                .or(() -> value(headers, "Last-Modified").map(date -> List.of("If-Modified-Since", date)));
        if (header.isPresent()) {
            Files.write(note, header.get());
        }
    }

    private static Optional<String> value(HttpHeaders headers, String name) {
        return headers.firstValue(name).filter(VALUE.asMatchPredicate());
    }
}
