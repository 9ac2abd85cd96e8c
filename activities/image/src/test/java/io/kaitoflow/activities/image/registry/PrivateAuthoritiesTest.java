package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server on this machine, with a certificate that nobody public vouches for. */
class PrivateAuthoritiesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder = Path.of("");

    private HttpsServer server;

    PrivateAuthoritiesTest() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() throws IOException, InterruptedException, GeneralSecurityException {
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-ext",
                "BC=ca:true");
        keytool("-exportcert", "-rfc", "-file", folder.resolve("authority.pem").toString());
        server.setHttpsConfigurator(new HttpsConfigurator(identity()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aServerOfAPrivateAuthorityIsTrustedOnceItIsNamed() throws Exception {
        SSLContext context = PrivateAuthorities.context(Files.readString(folder.resolve("authority.pem")));

        assertThat(ask(context)).isEqualTo(204);
        assertThatThrownBy(() -> ask(SSLContext.getDefault())).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void thePublicOnesStayTrusted() throws Exception {
        String pem = Files.readString(folder.resolve("authority.pem"));

        assertThat(PrivateAuthorities.trusted(pem)).hasSizeGreaterThan(100);
    }

    @Test
    void whatIsNoCertificateIsRefusedByTheVariablesName() {
        assertThatThrownBy(() -> PrivateAuthorities.trust(Map.of("KAITOFLOW_AUTHORITIES", "company.crt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KAITOFLOW_AUTHORITIES cannot be read");
    }

    @Test
    void withoutTheVariableNothingChanges() throws Exception {
        SSLContext before = SSLContext.getDefault();

        PrivateAuthorities.trust(Map.of("KAITOFLOW_AUTHORITIES", " "));

        assertThat(SSLContext.getDefault()).isSameAs(before);
    }

    private int ask(SSLContext context) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            URI address = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
            return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private SSLContext identity() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(folder.resolve("server.p12"))) {
            store.load(file, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                arguments[0],
                                "-keystore",
                                folder.resolve("server.p12").toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                new String(PASSWORD),
                                "-alias",
                                "server"),
                        Stream.of(arguments).skip(1))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
    }
}
