package io.kaitoflow.gateway;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens that say whose tuner it is: {@code kf1.UID.EXPIRY.SEAL}, with the expiry in seconds since 1970. Nothing is remembered of them,
 * so that every replica knows those of the others.
 */
public final class TunerTokens {

    private static final String VERSION = "kf1";
    private static final Pattern UID = Pattern.compile("[A-Za-z0-9-]{1,63}");
    private static final Pattern FORM =
            Pattern.compile("(kf1\\.([A-Za-z0-9-]{1,63})\\.(\\d{1,12}))\\.([A-Za-z0-9_-]{43})");

    private final SealingKeys keys;
    private final InstantSource clock;

    /** @param keys folder with the file {@code signing}, and {@code accepted} while a key is changed */
    public TunerTokens(Path keys, InstantSource clock) {
        this.keys = new SealingKeys(keys);
        this.clock = clock;
    }

    /** @param uid of the workspace, whose tuner may work until this time is over */
    public String issue(String uid, Duration time) {
        if (!UID.matcher(uid).matches()) {
            throw new IllegalArgumentException("Not the uid of a workspace: \"" + uid + "\"");
        }
        String claim = VERSION + "." + uid + "." + clock.instant().plus(time).getEpochSecond();
        return claim + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(keys.seal(message(claim)));
    }

    /** Whose tuner holds it; empty when it is forged or its time is over. */
    Optional<String> holder(String token) {
        Matcher parts = FORM.matcher(token);
        boolean good = parts.matches()
                && keys.holds(message(parts.group(1)), Base64.getUrlDecoder().decode(parts.group(4)))
                && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts.group(3))));
        return good ? Optional.of(parts.group(2)) : Optional.empty();
    }

    /** Told apart from what else the same keys seal. */
    private static byte[] message(String claim) {
        return ("tuner " + claim).getBytes(StandardCharsets.UTF_8);
    }
}
