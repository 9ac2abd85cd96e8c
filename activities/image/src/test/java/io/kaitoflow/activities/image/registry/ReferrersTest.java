package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.image.Blob;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.MediaTypes;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that looks after what is attached itself, as version 1.1 of the specification asks. */
class ReferrersTest {

    private static final String TYPE = "application/vnd.kaitoflow.test";
    private static final Blob.InMemory NOTHING = Blob.of(MediaTypes.EMPTY, "{}".getBytes(StandardCharsets.UTF_8));

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String index = "{\"schemaVersion\":2,\"manifests\":[]}";
    private HttpServer server;
    private ImageReference subject;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        subject = ImageReference.parse("127.0.0.1:" + server.getAddress().getPort() + "/adapters/geo:1")
                .withDigest(Sha256.of(new byte[] {7}));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().toString().replaceFirst("^/v2/adapters/geo/", "");
            seen.add(exchange.getRequestMethod() + " " + path);
            if (path.startsWith("referrers/")) {
                byte[] body = index.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } else if (exchange.getRequestMethod().equals("PUT")) {
                exchange.getResponseHeaders()
                        .add("OCI-Subject", subject.digest().orElseThrow().value());
                exchange.sendResponseHeaders(201, -1);
            } else {
                exchange.sendResponseHeaders(exchange.getRequestMethod().equals("HEAD") ? 200 : 404, -1);
            }
        }
    }

    @Test
    void nothingIsIndexedWhereTheRegistryUnderstood() {
        Descriptor type = NOTHING.descriptor().ofType(TYPE);
        try (RegistryImages images = images()) {
            images.attach(subject, new Blob.InMemory(type, NOTHING.content()), List.of(NOTHING));
        }

        assertThat(seen)
                .containsExactly(
                        "HEAD blobs/" + NOTHING.descriptor().digest(),
                        "PUT manifests/" + NOTHING.descriptor().digest());
    }

    @Test
    void itsOwnListIsReadAndOtherTypesArePassedOver() {
        String entry = "{\"mediaType\":\"" + MediaTypes.MANIFEST + "\",\"digest\":\""
                + NOTHING.descriptor().digest() + "\",\"size\":2,\"artifactType\":\"%s\","
                + "\"annotations\":{\"org.opencontainers.image.created\":\"2026-01-02T03:04:05Z\"},\"data\":\"e30=\"}";
        index = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.INDEX + "\",\"manifests\":["
                + entry.formatted(TYPE) + "," + entry.formatted("application/vnd.cyclonedx+json") + "]}";

        try (RegistryImages images = images()) {
            assertThat(images.referrers(subject, TYPE))
                    .singleElement()
                    .satisfies(found -> assertThat(found.annotations())
                            .containsEntry("org.opencontainers.image.created", "2026-01-02T03:04:05Z"));
        }
        assertThat(seen.getFirst())
                .isEqualTo("GET referrers/" + subject.digest().orElseThrow()
                        + "?artifactType=application%2Fvnd.kaitoflow.test");
    }

    @Test
    void anAnswerThatIsNoListIsSaid() {
        index = "<html>Welcome</html>";

        try (RegistryImages images = images()) {
            assertThatThrownBy(() -> images.referrers(subject, TYPE))
                    .isInstanceOf(ImageException.Unavailable.class)
                    .hasMessageContaining("referrers/");
        }
    }

    private RegistryImages images() {
        return new RegistryImages(RegistryAddress.of(subject), List.of(), RegistryTimeouts.usual(), Pulse.none());
    }
}
