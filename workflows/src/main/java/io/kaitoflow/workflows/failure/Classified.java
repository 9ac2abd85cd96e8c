package io.kaitoflow.workflows.failure;

import java.time.Duration;
import java.util.Optional;

/** An exception of a port that knows which kind of failure it is. Every exception family of an activity implements it. */
public interface Classified {

    /** Decides the retry and the advice. */
    FailureKind kind();

    /** How long whoever answered wants not to be asked again; empty when it did not say. */
    default Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
