package io.kaitoflow.activities.nodes;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.nodes.NodeRequest;

/** What a claim is called at a provider: the same request always has the same name, so that a retry finds its own. */
public final class ClaimName {

    /** With {@code ws} in front it is what AKS takes as a pool's name. */
    private static final int DIGITS = 9;

    private ClaimName() {}

    /** @param ordinal of the machine within the request, from 0 */
    public static String of(NodeRequest request, int ordinal) {
        String seed = request.id().uid() + "/" + ordinal + "/" + request.number();
        return "ws" + Digest.ofText(seed).hex().substring(0, DIGITS);
    }
}
