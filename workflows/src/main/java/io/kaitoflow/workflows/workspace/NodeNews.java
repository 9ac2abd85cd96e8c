package io.kaitoflow.workflows.workspace;

/** Whether somebody saw something about a claim since it was asked last; waits for machines look then, and not only by the clock. */
final class NodeNews {

    private boolean arrived;

    void tell() {
        arrived = true;
    }

    /** True while there is news. */
    boolean arrived() {
        return arrived;
    }

    /** What is looked at now is no news any more. */
    void taken() {
        arrived = false;
    }
}
