package io.kaitoflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.temporal.TemporalServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedGatewayTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder = Path.of("");

    private Path access = Path.of("");

    @BeforeEach
    void token() throws IOException {
        Files.writeString(folder.resolve("signing"), "s".repeat(32));
        access = Files.createDirectories(folder.resolve("access"));
        Files.writeString(
                access.resolve(TemporalAccess.TOKEN),
                new TunerTokens(folder, InstantSource.system()).issue("uid-1", Duration.ofHours(1)));
    }

    @Test
    void aTunerBelievesItsAuthorityAndNobodyElse() throws Exception {
        KeyStore ours = certified("ours");
        KeyStore others = certified("others");
        try (TemporalServer server = TemporalServer.inProcess();
                TemporalConnection direct = TemporalConnection.open(server.address());
                TunerGateway gateway = TunerGateway.start(
                        new GatewaySettings(
                                new InetSocketAddress("127.0.0.1", 0), folder, keyManager(ours), Optional.empty()),
                        direct.client().getWorkflowServiceStubs(),
                        "default",
                        InstantSource.system())) {
            TemporalAddress address = TemporalAddress.of("127.0.0.1:" + gateway.port());

            trust(ours);
            try (TemporalConnection encrypted = TemporalConnection.open(address, TemporalAccess.by(access))) {
                assertThat(encrypted.answers(Duration.ofMinutes(1))).isTrue();
            }

            trust(others);
            assertThatThrownBy(() -> TemporalConnection.open(address, TemporalAccess.by(access)))
                    .isInstanceOf(TemporalException.class);

            Files.delete(access.resolve(TemporalAccess.AUTHORITY));
            assertThatThrownBy(() -> TemporalConnection.open(address, TemporalAccess.by(access)))
                    .isInstanceOf(TemporalException.class);
        }
    }

    /** A certificate for this machine that vouches for itself, as the JDK's own program makes it. */
    private KeyStore certified(String name) throws IOException, GeneralSecurityException {
        Path file = folder.resolve(name + ".p12");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .onExit()
                .join()
                .exitValue();
        assertThat(status).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(file)) {
            store.load(bytes, PASSWORD.toCharArray());
        }
        return store;
    }

    private static KeyManager keyManager(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        return factory.getKeyManagers()[0];
    }

    private void trust(KeyStore store) throws IOException, GeneralSecurityException {
        byte[] certificate = store.getCertificate(store.aliases().nextElement()).getEncoded();
        Files.writeString(
                access.resolve(TemporalAccess.AUTHORITY),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");
    }
}
