package io.kaitoflow.temporal.codec;

import io.temporal.common.converter.DataConverterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of an installation, as the files of a folder: {@code current} names the one that encrypts from now on, and each key lies in a
 * file of its own name, 32 random bytes in Base64. Old ones stay, or what they encrypted can never be read again.
 */
public final class PayloadKeys {

    private static final String CURRENT = "current";
    private static final int LENGTH = 32;

    /** A name comes back with each payload, from wherever that was. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private final Path folder;

    /** What a name stands for never changes. */
    private final Map<String, SecretKey> known = new ConcurrentHashMap<>();

    /** @throws DataConverterException when there is no current key, in words */
    public PayloadKeys(Path folder) {
        this.folder = folder;
        key(current());
    }

    /** The name of the key that encrypts; read anew each time, so that a new one counts without a restart. */
    String current() {
        return text(folder.resolve(CURRENT));
    }

    /** @throws DataConverterException when it is not there */
    SecretKey key(String name) {
        return known.computeIfAbsent(name, this::read);
    }

    private SecretKey read(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new DataConverterException("Not the name of a key: \"" + name + "\".");
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text(folder.resolve(name)));
            if (bytes.length == LENGTH) {
                return new SecretKeySpec(bytes, "AES");
            }
        } catch (IllegalArgumentException noBase64) {
            // Said below.
        }
        throw new DataConverterException(
                folder.resolve(name) + " must hold " + LENGTH + " random bytes in Base64 (openssl rand -base64 32).");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new DataConverterException(
                    "Payloads cannot be read or written without the key file " + file + ": " + e.getMessage()
                            + ". Put it back.",
                    e);
        }
    }
}
