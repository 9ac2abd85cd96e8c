package io.kaitoflow.activities.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A user's name and password or token for one registry. Never printed.
 *
 * @param user name
 * @param secret password or token
 * @param origin where it was found, for messages
 */
public record Credential(String user, String secret, String origin) {

    /** The name that docker and its helpers write where the secret is an identity token. */
    private static final String TOKEN_USER = "<token>";

    /** A token that stands for a login, as some registries give instead of keeping a password. */
    public static Credential ofIdentity(String token, String origin) {
        return new Credential(TOKEN_USER, token, origin);
    }

    /** The token that is exchanged for one that opens the registry; empty where there is a password. */
    public Optional<String> identityToken() {
        return user.equals(TOKEN_USER) ? Optional.of(secret) : Optional.empty();
    }

    /** The value of an Authorization header. */
    public String basic() {
        String pair = user + ":" + secret;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "credentials from " + origin;
    }
}
