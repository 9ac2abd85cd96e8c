package io.kaitoflow.worker.cli.terminal;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens at Ctrl-C and SIGTERM while a workspace runs: it is given back, then the process ends. From the interruption on the
 * command's own thread has nothing more to say or do, since whatever it waits for is being taken away.
 */
public final class Interruption implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** @param undo what gives everything back; says what it could not */
    public static Interruption undoneBy(Runnable undo, PrintStream out) {
        Thread hook = Thread.ofPlatform().name("give-back").unstarted(() -> giveBack(undo, out));
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    /** Ends the watch; never returns when the process is already ending, so that nobody gets in the way. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            awaitTheEnd();
        }
    }

    /** Waits for Ctrl-C. */
    public static void awaitTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A hook has no caller that could explain a failure to the user.
    private static void giveBack(Runnable undo, PrintStream out) {
        out.println();
        out.println("Interrupted");
        try {
            undo.run();
            out.println("Everything was given back");
        } catch (RuntimeException e) {
            LOG.error("Giving back failed", e);
            out.println("kaitoflow: "
                    + (e instanceof CommandFailure
                            ? e.getMessage()
                            : "Not everything was given back (" + e
                                    + "); its processes end with this command. The log is " + LogFile.path()));
        }
    }
}
