package io.kaitoflow.worker.control.hostile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Waits until the cluster is as users want it, while kubelets and namespace controllers do what they do.
 *
 * @param bound after which it is not reached
 */
record Convergence(Arena arena, Users users, Servers servers, Duration bound) {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** Looking at many costs what they need to converge. */
    private static final int MANY = 50;

    /** What is still not as it should be in the end, or was bought too often; empty when all is well. */
    List<String> complaints() {
        try {
            Awaitility.await("the cluster is as users want it")
                    .atMost(bound)
                    .pollInterval(LOOK_AGAIN.multipliedBy(1 + users.wishes().size() / MANY))
                    // A server that has just started says to come again.
                    .ignoreExceptionsMatching(KubernetesClientException.class::isInstance)
                    .until(this::reached);
            return boughtTooOften();
        } catch (ConditionTimeoutException late) {
            List<String> all = new ArrayList<>(Verdict.complaints(users, arena.cluster()));
            all.addAll(boughtTooOften());
            return List.copyOf(all);
        }
    }

    private boolean reached() {
        servers.revive();
        users.makeAgain();
        users.finishNamespaces();
        return !users.waitForNames()
                && Verdict.complaints(users, arena.cluster()).isEmpty();
    }

    private List<String> boughtTooOften() {
        return users.wishes().stream()
                .filter(wish -> arena.history().bought(wish.uid) > wish.allowance)
                .map(wish -> wish + " may have cost " + wish.allowance + " claims but "
                        + arena.history().bought(wish.uid) + " were made")
                .toList();
    }
}
