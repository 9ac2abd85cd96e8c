package io.kaitoflow.inference.server.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened so far, closed in reverse; a loader hands it on when it has opened everything. */
final class Owned implements AutoCloseable {

    /** A resource whose closing fails only with unchecked exceptions. */
    @FunctionalInterface
    interface Resource {
        void close();
    }

    private final Deque<Resource> resources = new ArrayDeque<>();

    void add(Resource resource) {
        resources.push(resource);
    }

    /** Gives everything to the caller; closing this then does nothing. */
    Owned handOver() {
        Owned heir = new Owned();
        heir.resources.addAll(resources);
        resources.clear();
        return heir;
    }

    @Override
    public void close() {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }
}
