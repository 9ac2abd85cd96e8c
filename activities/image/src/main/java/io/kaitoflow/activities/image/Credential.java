package io.kaitoflow.activities.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A user's name and password or token for one registry. Never printed.
 *
 * @param user name
 * @param secret password or token
 * @param origin where it was found, for messages
 */
public record Credential(String user, String secret, String origin) {

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
