package io.kaitoflow.bridge.admission;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;

/** Certificates for 127.0.0.1 that vouch for themselves, as PEM files. */
public record TestCertificate(Path certificate, Path key) {

    private static final String PASSWORD = "only-for-tests";

    /** Makes one in a folder, in the place of the one before. */
    public static TestCertificate in(Path folder) {
        try {
            Path store = folder.resolve("store.p12");
            Files.deleteIfExists(store);
            keytool(store);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream bytes = Files.newInputStream(store)) {
                keys.load(bytes, PASSWORD.toCharArray());
            }
            TestCertificate files = new TestCertificate(folder.resolve("tls.crt"), folder.resolve("tls.key"));
            Certificate certificate = keys.getCertificate("webhook");
            Files.writeString(files.certificate, pem("CERTIFICATE", certificate.getEncoded()));
            byte[] key = keys.getKey("webhook", PASSWORD.toCharArray()).getEncoded();
            Files.writeString(files.key, pem("PRIVATE KEY", key));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a {@code caBundle}. */
    public String encoded() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String pem(String what, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    private static void keytool(Path store) throws IOException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
        int status = new ProcessBuilder(
                        program.toString(),
                        "-genkeypair",
                        "-alias",
                        "webhook",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
        if (status != 0) {
            throw new IllegalStateException("keytool ended with " + status);
        }
    }
}
