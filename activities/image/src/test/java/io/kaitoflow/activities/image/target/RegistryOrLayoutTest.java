package io.kaitoflow.activities.image.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.activities.image.layout.LayoutImages;
import io.kaitoflow.activities.image.registry.DebianRegistry;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryOrLayoutTest {

    private static final ImageReference NOWHERE = ImageReference.parse("registry.invalid/adapters/x:1");

    private static final String DESCRIPTOR =
            "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"sha256:" + "0".repeat(64)
                    + "\",\"size\":1}";

    @TempDir
    Path work;

    private AdapterImages images(Optional<LayoutImages> layout) {
        CredentialSearch nobody = new CredentialSearch(RegistryCredentials.none(), Optional.empty());
        return new AdapterImages(
                new RegistryOrLayout(nobody, layout, RegistryTimeouts.usual(), Pulse.none()), work.resolve("scratch"));
    }

    private Optional<LayoutImages> layout() {
        return Optional.of(new LayoutImages(work.resolve("images")));
    }

    private AdapterArtifact adapter() throws IOException {
        return AdapterFixture.write(work.resolve("adapter"), 1);
    }

    @Test
    void whereNobodyAnswersTheImageGoesIntoTheLayoutAndItIsSaid() throws IOException {
        AdapterImages images = images(layout());

        Optional<String> note = images.checkPush(NOWHERE, List.of());
        PushedImage pushed = images.push(adapter(), "smollm2", NOWHERE, List.of());

        assertThat(note)
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("registry.invalid", "nobody is there")
                        .contains(work.resolve("images").toString()));
        assertThat(pushed.location()).isEqualTo(work.resolve("images").toString());
        assertThat(images.resolve(NOWHERE, List.of())).isEqualTo(pushed.digest());
    }

    @Test
    void whatIsInTheLayoutIsPulledFromThereByDigest() throws IOException {
        AdapterImages images = images(layout());
        AdapterArtifact adapter = adapter();
        PushedImage pushed = images.push(adapter, "smollm2", NOWHERE, List.of());
        Path served = work.resolve("served");

        images.pull(NOWHERE, pushed.digest(), List.of(), served);

        assertThat(served.resolve(AdapterFiles.WEIGHTS))
                .hasSameBinaryContentAs(Path.of(adapter.path()).resolve(AdapterFiles.WEIGHTS));
        assertThat(work.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void withoutALayoutAnUnreachableRegistryIsAFailure() {
        assertThatThrownBy(() -> images(Optional.empty()).checkPush(NOWHERE, List.of()))
                .isInstanceOf(ImageException.Unreachable.class);
    }

    @Test
    void aRegistryThatFailsIsNotPassedOver() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        server.start();
        ImageReference failing =
                ImageReference.parse("127.0.0.1:" + server.getAddress().getPort() + "/adapters/x:1");

        try {
            assertThatThrownBy(() -> images(layout()).checkPush(failing, List.of()))
                    .isInstanceOf(ImageException.Unavailable.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aRegistryThatAnswersIsUsed() throws IOException {
        try (DebianRegistry registry = DebianRegistry.open(work.resolve("registry"))) {
            ImageReference name = registry.image("adapters/real");
            AdapterImages images = images(layout());

            PushedImage pushed = images.push(adapter(), "smollm2", name, List.of());

            assertThat(pushed.location()).isEqualTo("http://" + name.registry());
            assertThat(Files.exists(work.resolve("images"))).isFalse();
            assertThat(images.push(adapter(), "smollm2", name, List.of())).isEqualTo(pushed);
        }
    }

    @Test
    void aTagIsWhatTheRegistrySaysItIsAsSoonAsOneAnswers() throws IOException {
        int port = freePort();
        ImageReference name = ImageReference.parse("127.0.0.1:" + port + "/adapters/moved:1");
        AdapterImages images = images(layout());
        PushedImage kept = images.push(adapter(), "smollm2", name, List.of());
        assertThat(images.resolve(name, List.of())).isEqualTo(kept.digest());

        String moved = "{\"schemaVersion\":2,\"config\":" + DESCRIPTOR + ",\"layers\":[" + DESCRIPTOR + "]}";
        HttpServer registry = answering(port, moved.getBytes(StandardCharsets.UTF_8));
        try {
            assertThat(images.resolve(name, List.of())).isEqualTo(Sha256.of(moved.getBytes(StandardCharsets.UTF_8)));
            // The digest still names the same bytes, wherever they lie.
            images.pull(name, kept.digest(), List.of(), work.resolve("served"));
        } finally {
            registry.stop(0);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpServer answering(int port, byte[] body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v2/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void anAdapterThatChangedAfterTrainingIsNotPushedForTheTrainedOne() throws IOException {
        AdapterArtifact trained = adapter();
        AdapterFixture.write(Path.of(trained.path()), 2);

        assertThatThrownBy(() -> images(layout()).push(trained, "smollm2", NOWHERE, List.of()))
                .isInstanceOf(ImageException.Corrupt.class)
                .hasMessageContaining("was changed after training");
    }
}
