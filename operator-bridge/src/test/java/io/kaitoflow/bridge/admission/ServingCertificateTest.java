package io.kaitoflow.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingCertificateTest {

    /** How many bytes PKCS#8 puts before an RSA key of 2048 or 3072 bits. */
    private static final int PKCS8_HEADER = 26;

    @TempDir
    private Path folder;

    @Test
    void aChangedCertificateIsShownToTheNextConnection() {
        TestCertificate files = TestCertificate.in(folder);
        ServingCertificate serving = new ServingCertificate(files.certificate(), files.key());
        String first = shown(serving);

        TestCertificate.in(folder);
        String second = shown(serving);

        assertThat(second).isNotEqualTo(first);
        assertThat(serving.getCertificateChain(second)).isNotEqualTo(serving.getCertificateChain(first));
    }

    @Test
    void aHandshakeThatBeganBeforeTheChangeEndsWithTheCertificateThatItSaw() {
        TestCertificate files = TestCertificate.in(folder);
        ServingCertificate serving = new ServingCertificate(files.certificate(), files.key());
        String first = shown(serving);
        PrivateKey key = serving.getPrivateKey(first);

        TestCertificate.in(folder);
        shown(serving);

        assertThat(serving.getPrivateKey(first)).isEqualTo(key);
    }

    @Test
    void filesThatAreHalfWrittenLeaveTheCertificateThatWasThere() throws IOException {
        TestCertificate files = TestCertificate.in(folder);
        ServingCertificate serving = new ServingCertificate(files.certificate(), files.key());
        String first = shown(serving);

        Files.writeString(files.key(), "half");
        Files.setLastModifiedTime(files.key(), FileTime.from(Instant.EPOCH));

        assertThat(shown(serving)).isEqualTo(first);
    }

    @Test
    void anRsaKeyMayBeInItsOldForm() throws IOException {
        TestCertificate files = TestCertificate.in(folder);
        PrivateKey expected =
                new PemFiles(files.certificate(), files.key()).read().key();
        byte[] pkcs1 = Arrays.copyOfRange(expected.getEncoded(), PKCS8_HEADER, expected.getEncoded().length);

        Files.writeString(files.key(), TestCertificate.pem("RSA PRIVATE KEY", pkcs1));

        assertThat(new PemFiles(files.certificate(), files.key()).read().key()).isEqualTo(expected);
    }

    @Test
    void filesWithoutACertificateAreNamed() throws IOException {
        Path certificate = Files.writeString(folder.resolve("tls.crt"), "nothing");
        Path key =
                Files.writeString(folder.resolve("tls.key"), Base64.getEncoder().encodeToString(new byte[3]));

        assertThatThrownBy(() -> new ServingCertificate(certificate, key))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining(certificate.toString())
                .hasMessageContaining("Secret of type kubernetes.io/tls");
    }

    /** The name of what a connection is shown. */
    private static String shown(ServingCertificate serving) {
        return Objects.requireNonNull(serving.chooseServerAlias("RSA", null, null));
    }
}
