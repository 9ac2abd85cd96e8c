package io.kaitoflow.activities.checkpoint;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries checkpoints of one run to the depot while training goes on, and back before it begins. A depot that fails costs the training
 * nothing but safety.
 */
public final class CheckpointCourier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCourier.class);

    /** Between two tries to reach a depot that must be asked first. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** How long the last checkpoint may take to arrive before whoever waits for the end goes on without. */
    private static final Duration LAST = Duration.ofMinutes(2);

    private final CheckpointDepot depot;
    private final Duration patience;
    private final AtomicReference<@Nullable Checkpoint> waiting = new AtomicReference<>();
    private final ExecutorService carrier = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("checkpoints").factory());

    /** @param patience with a depot that does not answer when it is asked what is there; after that the run fails and is tried again */
    public CheckpointCourier(CheckpointDepot depot, Duration patience) {
        this.depot = depot;
        this.patience = patience;
    }

    /**
     * Brings the newest whole checkpoint here, unless one that is as new is here.
     *
     * @param unwanted asked between two tries
     * @throws CheckpointException.Unreachable when the depot does not answer for too long: to begin anew would lose what may be there
     */
    public void fetchInto(CheckpointStore store, BooleanSupplier unwanted) {
        long end = System.nanoTime() + patience.toNanos();
        while (!unwanted.getAsBoolean()) {
            try {
                tryToFetch(store);
                return;
            } catch (CheckpointException.Unreachable silent) {
                if (!silent.kind().retryable()) {
                    LOG.warn("Checkpoints are not looked for: {}", silent.getMessage());
                    return;
                }
                if (System.nanoTime() > end) {
                    throw silent;
                }
                pause();
            }
        }
    }

    /** Returns at once. While one is on its way the newest of those that come meanwhile waits, and the others are not carried. */
    public void carry(Checkpoint checkpoint) {
        if (waiting.getAndSet(checkpoint) == null) {
            carrier.execute(this::deliver);
        }
    }

    private void tryToFetch(CheckpointStore store) {
        long here = store.newest().map(found -> found.position().step()).orElse(0L);
        for (long step : depot.steps()) {
            if (step <= here) {
                return;
            }
            if (store.take(step, folder -> depot.fetch(step, folder))) {
                LOG.info("The checkpoint of step {} was brought here", step);
                return;
            }
        }
    }

    private void deliver() {
        Checkpoint next = waiting.getAndSet(null);
        if (next == null) {
            return;
        }
        try {
            depot.store(next);
        } catch (CheckpointException.Unreachable refused) {
            LOG.warn(
                    "The checkpoint of step {} is on this machine alone: {}",
                    next.position().step(),
                    refused.getMessage());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the depot of checkpoints was waited for", e);
        }
    }

    /** Returns when the newest checkpoint has arrived or cannot; a depot that hangs is not waited for without end. */
    @Override
    public void close() {
        carrier.shutdown();
        try {
            if (!carrier.awaitTermination(LAST.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The newest checkpoint did not arrive within {} s", LAST.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
