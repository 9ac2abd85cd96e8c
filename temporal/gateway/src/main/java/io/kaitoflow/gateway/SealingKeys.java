package io.kaitoflow.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets of an installation, as the files of a folder; read anew at each use, so that new ones count without a restart.
 * {@code signing} makes every seal; seals of {@code accepted}, if it is there, hold too.
 */
record SealingKeys(Path folder) {

    /** Of a tag in bytes. */
    static final int LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SIGNING = "signing";
    private static final String ACCEPTED = "accepted";

    /** Checks at start what is needed at each call. */
    SealingKeys {
        tag(read(folder.resolve(SIGNING)), new byte[0]);
    }

    byte[] seal(byte[] message) {
        return tag(read(folder.resolve(SIGNING)), message);
    }

    boolean holds(byte[] message, byte[] seal) {
        Path accepted = folder.resolve(ACCEPTED);
        return MessageDigest.isEqual(seal(message), seal)
                || Files.exists(accepted) && MessageDigest.isEqual(tag(read(accepted), message), seal);
    }

    private static byte[] read(Path file) {
        try {
            byte[] key = Files.readAllBytes(file);
            if (key.length < LENGTH) {
                throw new IllegalArgumentException(
                        file + " must hold " + LENGTH + " random bytes or more, and has " + key.length + ".");
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read the key " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] tag(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has " + ALGORITHM, e);
        }
    }
}
