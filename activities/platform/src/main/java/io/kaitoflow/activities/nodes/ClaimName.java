package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.nodes.NodeRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a claim is called at a provider: the same request always has the same name, so that a retry finds its own. */
public final class ClaimName {

    /** With {@code ws} in front it is what AKS takes as a pool's name. */
    private static final int DIGITS = 9;

    private ClaimName() {}

    /** @param ordinal of the machine within the request, from 0 */
    public static String of(NodeRequest request, int ordinal) {
        String seed = request.id().uid() + "/" + ordinal + "/" + request.number();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
            return "ws" + HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
