package io.kaitoflow.temporal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate for this machine that vouches for itself, and its key, as PEM files. */
record TestCertificates(Path certificate, Path key) {

    private static final String PASSWORD = "only-for-tests";

    /** Made by the JDK's own program. */
    static TestCertificates in(Path folder) throws IOException, GeneralSecurityException {
        Path store = Files.createDirectories(folder).resolve("store.p12");
        int status = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool")
                                + " -genkeypair -alias it -keyalg RSA -dname CN=127.0.0.1 -ext SAN=IP:127.0.0.1 -storepass "
                                + PASSWORD + " -keystore " + store)
                        .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .onExit()
                .join()
                .exitValue();
        if (status != 0) {
            throw new IllegalStateException(Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(store)) {
            keys.load(bytes, PASSWORD.toCharArray());
        }
        return new TestCertificates(
                written(
                        folder.resolve("cert.pem"),
                        "CERTIFICATE",
                        keys.getCertificate("it").getEncoded()),
                written(
                        folder.resolve("key.pem"),
                        "PRIVATE KEY",
                        keys.getKey("it", PASSWORD.toCharArray()).getEncoded()));
    }

    private static Path written(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
