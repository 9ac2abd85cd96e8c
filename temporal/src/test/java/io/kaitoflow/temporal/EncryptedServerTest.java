package io.kaitoflow.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for a certificate, as its production guide says. */
class EncryptedServerTest {

    @TempDir
    private Path folder = Path.of("");

    private Path access = Path.of("");

    private final TestServicesStarter services = new TestServicesStarter(true, 0);

    @SuppressWarnings("NullAway.Init") // started before each test
    private Server server;

    @BeforeEach
    void start() throws Exception {
        TestCertificates ofServer = TestCertificates.in(folder.resolve("server"));
        TestCertificates ofClient = TestCertificates.in(folder.resolve("client"));
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.forServer(
                                ofServer.certificate().toFile(), ofServer.key().toFile())
                        .trustManager(ofClient.certificate().toFile())
                        .clientAuth(ClientAuth.REQUIRE)
                        .build());
        GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
        server = builder.build().start();
        access = Files.createDirectories(folder.resolve("access"));
        Files.copy(ofServer.certificate(), access.resolve(FolderCertificates.AUTHORITY));
        Files.copy(ofClient.certificate(), access.resolve(FolderCertificates.CERTIFICATE));
        Files.copy(ofClient.key(), access.resolve(FolderCertificates.KEY));
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        services.close();
    }

    @Test
    void isShownTheCertificateOfTheFolder() {
        try (TemporalConnection connection = TemporalConnection.open(address(), TemporalAccess.by(access))) {
            assertThat(connection.answers(Duration.ofMinutes(1))).isTrue();
        }
    }

    @Test
    void certificatesAreLookedAtAsLongAsAConnectionIsOpenAndNotAfterATryInVain() throws Exception {
        int before = FileLooks.goingOn();
        try (TemporalConnection _ = TemporalConnection.open(address(), TemporalAccess.by(access))) {
            assertThat(FileLooks.goingOn()).isEqualTo(before + 2);
        }
        assertThat(FileLooks.goingOn()).isEqualTo(before);
        Files.delete(access.resolve(FolderCertificates.CERTIFICATE));
        assertRefused(TemporalAccess.by(access));
        assertThat(FileLooks.goingOn()).isEqualTo(before);
    }

    @Test
    void letsNobodyInWhoHasNone() throws Exception {
        Files.delete(access.resolve(FolderCertificates.CERTIFICATE));

        assertRefused(TemporalAccess.by(access));
    }

    @Test
    void isNotBelievedWhenOnlyPublicAuthoritiesAre() throws Exception {
        Files.delete(access.resolve(FolderCertificates.AUTHORITY));

        assertRefused(TemporalAccess.by(access));
        assertRefused(TemporalAccess.open().overTls());
    }

    @Test
    void aKeyThatIsNoneIsNamedWithItsFolder() throws Exception {
        Files.writeString(access.resolve(FolderCertificates.KEY), "no key");

        assertThatThrownBy(() -> TemporalConnection.open(address(), TemporalAccess.by(access)))
                .isInstanceOf(TemporalException.class)
                .hasMessageContaining("The certificates in " + access);
    }

    @Test
    void nothingIsToldInPlainWhereTheConnectionIsToBeEncrypted() {
        try (TemporalServer plain = InProcessServer.start()) {
            assertThatThrownBy(() -> TemporalConnection.open(
                            plain.address(), TemporalAccess.open().overTls(), Duration.ofSeconds(2)))
                    .isInstanceOf(TemporalException.class);
        }
    }

    private void assertRefused(TemporalAccess by) {
        assertThatThrownBy(() -> TemporalConnection.open(address(), by, Duration.ofSeconds(2)))
                .isInstanceOf(TemporalException.class);
    }

    private TemporalAddress address() {
        return TemporalAddress.of("127.0.0.1:" + server.getPort());
    }
}
