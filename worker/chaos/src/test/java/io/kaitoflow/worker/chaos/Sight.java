package io.kaitoflow.worker.chaos;

import java.util.List;

/**
 * What the world outside shows of one workspace at one moment.
 *
 * @param exists whether the API server has it
 * @param deleting whether it was deleted
 * @param phase as its status says; empty when it has none
 * @param claims for machines
 * @param machineReady whether a machine is there for it
 * @param tunerMade whether there is a pod
 * @param tunerReady whether it polls
 * @param files what lies on the disk of its tuners
 * @param images what has arrived at the registry
 * @param rolling whether there is a server
 * @param serverReady whether that is ready
 */
record Sight(
        boolean exists,
        boolean deleting,
        String phase,
        int claims,
        boolean machineReady,
        boolean tunerMade,
        boolean tunerReady,
        Files files,
        Images images,
        boolean rolling,
        boolean serverReady) {

    private static final List<String> ORDER = List.of(
            "Accepted",
            "Preflight",
            "Provisioning",
            "Fetching",
            "Tuning",
            "Evaluating",
            "Publishing",
            "RollingOut",
            "Serving");

    /**
     * What tuners have done so far.
     *
     * @param fetched whether rows lie there
     * @param training whether a step was done
     * @param trained whether the adapter is whole
     */
    record Files(boolean fetched, boolean training, boolean trained) {}

    /**
     * What the registry has of it.
     *
     * @param anything whether its repository has begun to fill
     * @param checkpoint whether there is one
     * @param result whether the tag is there that the user named
     */
    record Images(boolean anything, boolean checkpoint, boolean result) {}

    boolean hasStatus() {
        return !phase.isEmpty();
    }

    /** Whether it is in this phase or was. */
    boolean reached(String wanted) {
        return ORDER.indexOf(phase) >= ORDER.indexOf(wanted);
    }

    boolean claimed() {
        return claims > 0;
    }

    boolean fetched() {
        return files.fetched();
    }

    boolean training() {
        return files.training();
    }

    boolean trained() {
        return files.trained();
    }

    /** Whether the result begins to arrive; checkpoints were there before. */
    boolean pushing() {
        return images.anything() && reached("Publishing");
    }

    /** Whether a checkpoint is there, or was. */
    boolean shelved() {
        return images.checkpoint() || images.result();
    }

    boolean pushed() {
        return images.result();
    }

    boolean serving() {
        return phase.equals("Serving");
    }

    boolean claimsGone() {
        return deleting && claims == 0 || !exists;
    }
}
