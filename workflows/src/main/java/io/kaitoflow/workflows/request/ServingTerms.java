package io.kaitoflow.workflows.request;

/**
 * What the known annotations say about a server, beyond what it serves.
 *
 * @param measured its speed is measured once when it answers
 * @param loadBalancer its address is reached from outside the cluster
 */
public record ServingTerms(boolean measured, boolean loadBalancer) {

    /** Nothing is measured, and nobody outside the cluster reaches it. */
    public static ServingTerms plain() {
        return new ServingTerms(false, false);
    }
}
