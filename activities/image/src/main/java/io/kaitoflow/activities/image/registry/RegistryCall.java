package io.kaitoflow.activities.image.registry;

import io.kaitoflow.activities.image.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request of the distribution specification; can be sent again with another authorisation.
 *
 * @param doing what it is for, as a message begins
 * @param method of http
 * @param address absolute
 * @param headers besides the authorisation
 * @param content that is sent, if any
 * @param answer where the answer goes
 * @param bytes of the larger body
 */
record RegistryCall(
        String doing,
        String method,
        URI address,
        Map<String, List<String>> headers,
        Optional<Blob> content,
        BodyHandler<byte[]> answer,
        long bytes) {

    static RegistryCall of(String doing, String method, URI address) {
        return new RegistryCall(doing, method, address, Map.of(), Optional.empty(), Bodies.limited(Bodies.SMALL), 0);
    }

    RegistryCall accepting(List<String> mediaTypes) {
        return new RegistryCall(doing, method, address, Map.of("Accept", mediaTypes), content, answer, bytes);
    }

    RegistryCall sending(Blob blob, String contentType) {
        return new RegistryCall(
                doing,
                method,
                address,
                Map.of("Content-Type", List.of(contentType)),
                Optional.of(blob),
                answer,
                blob.descriptor().size());
    }

    RegistryCall receiving(BodyHandler<byte[]> target, long size) {
        return new RegistryCall(doing, method, address, headers, content, target, size);
    }

    RegistryCall redirectedTo(URI other) {
        return new RegistryCall(doing, method, other, headers, content, answer, bytes);
    }

    HttpRequest request(Optional<String> authorisation) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, body());
        headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        authorisation.ifPresent(value -> request.header("Authorization", value));
        return request.build();
    }

    private BodyPublisher body() {
        return content.map(blob -> BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> open(blob)),
                        blob.descriptor().size()))
                .orElseGet(BodyPublishers::noBody);
    }

    private static InputStream open(Blob blob) {
        try {
            return blob.open();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
