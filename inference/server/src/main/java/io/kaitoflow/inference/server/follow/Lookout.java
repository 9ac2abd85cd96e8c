package io.kaitoflow.inference.server.follow;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** Looks at something again and again, on a thread of its own, until it is closed. */
public final class Lookout implements AutoCloseable {

    private final Thread thread;

    private <T> Lookout(String name, Duration pause, T first, UnaryOperator<T> look) {
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            T seen = first;
            while (!Thread.currentThread().isInterrupted()) {
                seen = look.apply(seen);
                rest(pause);
            }
        });
    }

    /**
     * Looks at once and after each pause.
     *
     * @param look is given what was seen last, and says what is seen now
     */
    public static <T> Lookout start(String name, Duration pause, T first, UnaryOperator<T> look) {
        Lookout lookout = new Lookout(name, pause, first, look);
        lookout.thread.start();
        return lookout;
    }

    private static void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
