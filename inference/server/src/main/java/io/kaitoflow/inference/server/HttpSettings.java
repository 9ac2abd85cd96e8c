package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.keys.KeyPlace;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the server listens and how patient it is.
 *
 * @param port 0 takes a free one
 * @param deadline how long one reply may take
 * @param linger how long requests are still taken after the server was told to stop
 * @param drain how long running replies may go on after the server was told to stop
 * @param keys where those lie of which every caller must show one; empty for a server that is open to whoever reaches it
 * @param adapters who may change them
 */
public record HttpSettings(
        String host,
        int port,
        Duration deadline,
        Duration linger,
        Duration drain,
        Optional<KeyPlace> keys,
        AdapterDoor adapters) {

    /** Without keys and with the adapters of its start; takes nothing more once it is told to stop. */
    public HttpSettings(String host, int port, Duration deadline, Duration drain) {
        this(host, port, deadline, Duration.ZERO, drain, Optional.empty(), new AdapterDoor.Closed());
    }

    /** Refuses ports that do not exist and times that allow nothing. */
    public HttpSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port must be from 0 to 65535, not " + port + ".");
        }
        if (deadline.isNegative() || deadline.isZero() || linger.isNegative() || drain.isNegative()) {
            throw new IllegalArgumentException("--deadline must be above zero, --linger and --drain not below, not "
                    + deadline + ", " + linger + " and " + drain + ".");
        }
    }

    /** Never the keys. */
    @Override
    public String toString() {
        return host + ":" + port + ", deadline " + deadline + ", linger " + linger + ", drain " + drain + ", "
                + keys.map(KeyPlace::toString).orElse("no keys") + ", adapters " + adapters;
    }
}
