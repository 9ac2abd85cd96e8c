package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.Descriptor;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that answer as they should not, and those that want tokens. */
class FaultyRegistryTest {

    private static final RegistryTimeouts SHORT =
            new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), ByteSize.ofMebibytes(1));
    private static final Credential CREDENTIAL = new Credential("kaito", "s3cr3t", "the secret push-secret");

    @TempDir
    Path work;

    private final CountDownLatch testOver = new CountDownLatch(1);
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private ImageReference image;

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        image = ImageReference.parse("127.0.0.1:" + server.getAddress().getPort() + "/adapters/faulty:1");
    }

    @AfterEach
    void stopServer() {
        testOver.countDown();
        server.stop(0);
        threads.close();
    }

    @Test
    void aRefusalIsDeniedWithTheRegistrysOwnWords() {
        answering(exchange ->
                Answers.send(exchange, 403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"no push here\"}]}"));

        assertThatThrownBy(() -> images().checkPush(image))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessage("Trying a push to " + image + " on " + image.registry()
                        + " was refused: the registry answered 403 (DENIED: no push here); it was tried with"
                        + " credentials from the secret push-secret.");
    }

    @Test
    void aServerErrorIsUnavailable() {
        answering(exchange -> Answers.send(exchange, 500, "oops"));

        assertThatThrownBy(() -> images().checkPush(image))
                .isInstanceOf(ImageException.Unavailable.class)
                .hasMessageContaining("the registry answered 500");
    }

    @Test
    void aRegistryThatNeverAnswersIsGivenUp() {
        answering(exchange -> testOver.await());

        assertThatThrownBy(() -> images().greet())
                .isInstanceOf(ImageException.Unavailable.class)
                .hasMessageContaining("was not answered within 1 s");
    }

    @Test
    void aBodyThatNeverEndsIsGivenUp() {
        answering(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            testOver.await();
        });

        assertThatThrownBy(() -> images().manifest(image))
                .isInstanceOf(ImageException.Unavailable.class)
                .hasMessageContaining("was not answered within 1 s");
    }

    @Test
    void aConnectionCutInTheMiddleIsUnavailable() throws IOException {
        answering(exchange -> exchange.close());
        AdapterImage adapter = AdapterFixture.image(work, 1);

        assertThatThrownBy(() -> images().push(image, adapter)).isInstanceOf(ImageException.Unavailable.class);
    }

    @Test
    void aLayerLongerThanItsDescriptorIsNotTaken() {
        answering(exchange -> Answers.send(exchange, 200, "x".repeat(1000)));
        Descriptor ten = new Descriptor("application/vnd.oci.image.layer.v1.tar", Sha256.of(new byte[0]), 10);

        assertThatThrownBy(() -> images().download(image, ten, work.resolve("file")))
                .isInstanceOf(ImageException.Unavailable.class);
        assertThat(work.resolve("file").toFile().length()).isLessThanOrEqualTo(10);
    }

    @Test
    void nobodyThereIsUnreachable() {
        server.stop(0);

        assertThatThrownBy(() -> images().greet())
                .isInstanceOf(ImageException.Unreachable.class)
                .hasMessageContaining("nobody is there");
    }

    @Test
    void anUnknownHostIsUnreachable() {
        ImageReference nowhere = ImageReference.parse("registry.invalid/adapters/x:1");

        assertThatThrownBy(() -> images(nowhere, Pulse.none()).greet())
                .isInstanceOf(ImageException.Unreachable.class)
                .hasMessageContaining("registry.invalid");
    }

    @Test
    void aTokenIsFetchedWithTheCredentialsAndSent() {
        server.createContext("/token", exchange -> {
            seen.add(exchange.getRequestURI().getQuery() + " " + authorisation(exchange));
            Answers.send(exchange, 200, "{\"token\":\"t0k3n\"}");
        });
        wantingTheToken();

        assertThat(images().manifest(image)).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(seen).containsExactly("service=reg&scope=repository:a:pull " + CREDENTIAL.basic());
    }

    @Test
    void anIdentityTokenIsExchangedInAFormAndGoesIntoNoAddress() {
        server.createContext("/token", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + form
                    + authorisation(exchange));
            Answers.send(exchange, 200, "{\"access_token\":\"t0k3n\"}");
        });
        wantingTheToken();
        Credential login = new Credential("<token>", "l0gin+", "config.json");

        try (RegistryImages images =
                new RegistryImages(RegistryAddress.of(image), List.of(login), SHORT, Pulse.none())) {
            assertThat(images.manifest(image)).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(seen)
                .containsExactly("POST /token service=reg&scope=repository%3Aa%3Apull"
                        + "&grant_type=refresh_token&client_id=kaitoflow&refresh_token=l0gin%2B");
    }

    private void wantingTheToken() {
        String realm = "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
        answering(exchange -> {
            if (authorisation(exchange).equals("Bearer t0k3n")) {
                Answers.send(exchange, 200, "{}");
            } else {
                exchange.getResponseHeaders()
                        .add(
                                "WWW-Authenticate",
                                "Bearer realm=\"" + realm + "\",service=\"reg\",scope=\"repository:a:pull\"");
                Answers.send(exchange, 401, "");
            }
        });
    }

    @Test
    void credentialsDoNotGoToAnotherMachineOverPlainHttp() {
        answering(exchange -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"http://evil.example.com/token\"");
            Answers.send(exchange, 401, "");
        });

        assertThatThrownBy(() -> images().manifest(image))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContaining("plain http");
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() {
        String elsewhere = "http://localhost:" + server.getAddress().getPort() + "/storage";
        server.createContext("/storage", exchange -> {
            seen.add(authorisation(exchange));
            Answers.send(exchange, 200, "stored");
        });
        answering(exchange -> {
            if (authorisation(exchange).isEmpty()) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"r\"");
                Answers.send(exchange, 401, "");
            } else {
                exchange.getResponseHeaders().add("Location", elsewhere);
                Answers.send(exchange, 307, "");
            }
        });

        assertThat(images().manifest(image)).isEqualTo("stored".getBytes(StandardCharsets.UTF_8));
        assertThat(seen).containsExactly("");
    }

    @Test
    void thePulseEndsACallThatHangs() {
        answering(exchange -> testOver.await());
        IllegalStateException cancelled = new IllegalStateException("cancelled");
        RegistryTimeouts patient =
                new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofMinutes(5), ByteSize.ofMebibytes(1));
        Pulse pulse = () -> {
            throw cancelled;
        };

        try (RegistryImages images = new RegistryImages(RegistryAddress.of(image), List.of(), patient, pulse)) {
            assertThatThrownBy(images::greet).isSameAs(cancelled);
        }
    }

    private void answering(Handler handler) {
        server.createContext("/v2/", exchange -> {
            try {
                exchange.getRequestBody().readAllBytes();
                handler.handle(exchange);
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static String authorisation(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null ? "" : header;
    }

    private RegistryImages images() {
        return images(image, Pulse.none());
    }

    private static RegistryImages images(ImageReference of, Pulse pulse) {
        return new RegistryImages(RegistryAddress.of(of), List.of(CREDENTIAL), SHORT, pulse);
    }
}
