package io.kaitoflow.bridge.reconcile;

import java.time.Duration;

/**
 * How often the bridge looks although nothing was said.
 *
 * @param relist all objects are listed and compared with what was told
 * @param rollCall all runs are listed and compared with the objects
 * @param progress heartbeats of running steps are read
 */
public record BridgePace(Duration relist, Duration rollCall, Duration progress) {

    /** Every five minutes; every twenty seconds; every five seconds. */
    public static BridgePace standard() {
        return new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(20), Duration.ofSeconds(5));
    }
}
