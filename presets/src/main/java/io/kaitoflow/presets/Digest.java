package io.kaitoflow.presets;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 content digest as registries write it: {@code sha256:} and 64 lower-case hex digits. */
public record Digest(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    public Digest {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("Not a digest: \"" + value + "\"; expected sha256: and 64 hex digits");
        }
    }

    @JsonCreator
    public static Digest parse(String value) {
        return new Digest(value);
    }

    /** @param hash the 32 bytes of a SHA-256 */
    public static Digest ofSha256(byte[] hash) {
        return new Digest("sha256:" + HexFormat.of().formatHex(hash));
    }

    /** @param text as UTF-8 */
    public static Digest ofText(String text) {
        try {
            return ofSha256(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The 64 hex digits without the algorithm. */
    public String hex() {
        return value.substring("sha256:".length());
    }

    @Override
    public String toString() {
        return value;
    }
}
