package io.kaitoflow.inference.server;

import java.time.Duration;

/**
 * Where the server listens and how patient it is.
 *
 * @param port 0 takes a free one
 * @param deadline how long one reply may take
 * @param drain how long running replies may go on after the server was told to stop
 */
public record HttpSettings(String host, int port, Duration deadline, Duration drain) {

    /** Refuses ports that do not exist and times that allow nothing. */
    public HttpSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port must be from 0 to 65535, not " + port + ".");
        }
        if (deadline.isNegative() || deadline.isZero() || drain.isNegative()) {
            throw new IllegalArgumentException(
                    "--deadline must be above zero and --drain not below, not " + deadline + " and " + drain + ".");
        }
    }
}
