package io.kaitoflow.activities.nodes.azure;

import io.kaitoflow.activities.nodes.NodeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * When a cluster may be asked again. Azure says so to one caller and means all of them, so nobody asks before: not another
 * workspace, and not a retry that did not hear it.
 */
final class Patience {

    /** Azure never means longer; a clock that is wrong might. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Clock clock;
    private final AtomicReference<Instant> notBefore = new AtomicReference<>(Instant.MIN);

    Patience(Clock clock) {
        this.clock = clock;
    }

    /** @throws NodeException.Unanswered when it is too early */
    void check(String tried) {
        Instant due = notBefore.get();
        Instant now = clock.instant();
        if (now.isBefore(due)) {
            Duration pause = Duration.between(now, due);
            throw new NodeException.Unanswered(
                    tried + " waits: Azure wants not to be asked for another " + (pause.toSeconds() + 1) + " s.",
                    pause);
        }
    }

    void waitFor(Duration pause) {
        Instant due = clock.instant().plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
        notBefore.accumulateAndGet(due, (one, other) -> one.isAfter(other) ? one : other);
    }
}
