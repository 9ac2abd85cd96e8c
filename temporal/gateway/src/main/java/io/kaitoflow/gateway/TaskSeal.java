package io.kaitoflow.gateway;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Binds what Temporal calls a task to the tuner that got it. Temporal takes every task token that is well formed, and whoever knows
 * how they are made could answer for others; a sealed one is good in the hands of its tuner alone, at any replica.
 */
record TaskSeal(SealingKeys keys) {

    ByteString seal(String uid, ByteString token) {
        return ByteString.copyFrom(keys.seal(message(uid, token))).concat(token);
    }

    /** The token as Temporal knows it; empty when it was not sealed for this one. */
    Optional<ByteString> open(String uid, ByteString sealed) {
        if (sealed.size() <= SealingKeys.LENGTH) {
            return Optional.empty();
        }
        ByteString token = sealed.substring(SealingKeys.LENGTH);
        byte[] seal = sealed.substring(0, SealingKeys.LENGTH).toByteArray();
        return keys.holds(message(uid, token), seal) ? Optional.of(token) : Optional.empty();
    }

    /** No uid has a space in it. */
    private static byte[] message(String uid, ByteString token) {
        return ByteString.copyFrom("task " + uid + " ", StandardCharsets.UTF_8)
                .concat(token)
                .toByteArray();
    }
}
