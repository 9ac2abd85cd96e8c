package io.kaitoflow.temporal;

import java.net.URI;
import java.util.Optional;

/** A server that someone else runs; closing it does nothing. */
record GivenServer(TemporalAddress address) implements TemporalServer {

    @Override
    public Optional<URI> webUi() {
        return Optional.empty();
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public void close() {
        // Not ours to stop.
    }
}
