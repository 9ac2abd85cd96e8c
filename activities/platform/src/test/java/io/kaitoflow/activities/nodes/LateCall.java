package io.kaitoflow.activities.nodes;

import java.util.concurrent.CompletableFuture;

/** A call in a thread of its own, whose answer nobody waits for. */
final class LateCall {

    private final Mortality process;
    private final Thread thread;

    private LateCall(Mortality process, Thread thread) {
        this.process = process;
        this.thread = thread;
    }

    /** Begins the call, and returns when it stands still or is over. */
    static LateCall of(Mortality process, Runnable call) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                call.run();
            } catch (NodeException unheard) {
                // Whoever asked has gone.
            } finally {
                over.complete(true);
            }
        });
        CompletableFuture.anyOf(process.standsStill(), over).join();
        return new LateCall(process, thread);
    }

    boolean stands() {
        return process.standsStill().isDone();
    }

    /** Lets it go on to its end. */
    void finish() {
        process.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
