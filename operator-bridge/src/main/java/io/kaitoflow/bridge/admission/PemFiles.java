package io.kaitoflow.bridge.admission;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate and its key as a Secret of type {@code kubernetes.io/tls} holds them. */
record PemFiles(Path certificate, Path key) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----([^-]*)-----END (RSA )?PRIVATE KEY-----");

    /** Version 0 and the identifier of RSA: what PKCS#8 writes before a PKCS#1 key. */
    private static final byte[] RSA_PREFIX = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;

    /** A certificate with its chain, and the key that belongs to it. */
    record Identity(PrivateKey key, List<X509Certificate> chain) {}

    /** Changes when the files do. */
    List<FileTime> stamp() throws IOException {
        return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
    }

    /** @throws CertificateException when there is none */
    Identity read() {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new java.security.cert.CertificateException("there is none in it");
            }
            return new Identity(readKey(chain.getFirst().getPublicKey().getAlgorithm()), chain);
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException(
                    "Tried to read a certificate from " + certificate + " and its key from " + key + ": "
                            + e.getMessage() + ". Give PEM files as a Secret of type kubernetes.io/tls holds them.",
                    e);
        }
    }

    private PrivateKey readKey(String algorithm) throws IOException, GeneralSecurityException {
        Matcher found = KEY.matcher(Files.readString(key));
        if (!found.find()) {
            throw new InvalidKeySpecException("there is no PRIVATE KEY or RSA PRIVATE KEY in " + key);
        }
        byte[] bytes = Base64.getMimeDecoder().decode(found.group(2));
        byte[] encoded = found.group(1) == null ? bytes : wrapped(bytes);
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** A PKCS#1 key as PKCS#8, which is all that the JDK reads. */
    private static byte[] wrapped(byte[] rsa) throws IOException {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.write(RSA_PREFIX);
        inner.write(element(OCTETS, rsa));
        return element(SEQUENCE, inner.toByteArray());
    }

    /** Tag, length in its long form with four bytes, content. */
    private static byte[] element(int tag, byte[] content) {
        return ByteBuffer.allocate(content.length + 6)
                .put((byte) tag)
                .put((byte) 0x84)
                .putInt(content.length)
                .put(content)
                .array();
    }
}
