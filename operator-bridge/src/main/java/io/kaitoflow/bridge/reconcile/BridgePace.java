package io.kaitoflow.bridge.reconcile;

import java.time.Duration;

/**
 * How often the bridge looks although nothing was said.
 *
 * @param relist all objects are listed and compared with what was told
 * @param rollCall all runs are listed and compared with the objects
 */
public record BridgePace(Duration relist, Duration rollCall) {

    /** Every five minutes; every twenty seconds. */
    public static BridgePace standard() {
        return new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(20));
    }
}
