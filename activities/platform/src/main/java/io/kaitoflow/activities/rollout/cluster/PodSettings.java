package io.kaitoflow.activities.rollout.cluster;

import io.kaitoflow.activities.rollout.cluster.volumes.ModelCache;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkingSpace;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What pods find around them.
 *
 * @param temporal {@code host:port} that tuners poll, as pods reach it
 * @param temporalNamespace of the runs
 * @param guarded whether a tuner has to show a token there
 * @param walled whether tuners are kept from the cluster's API
 * @param cache where base models are kept
 * @param parking where results are kept that cannot be pushed
 * @param hostPaths whether workspaces may name folders of a node
 * @param environment of every container, e.g. proxies and mirrors
 */
public record PodSettings(
        String temporal,
        String temporalNamespace,
        boolean guarded,
        boolean walled,
        ModelCache cache,
        ParkingSpace parking,
        boolean hostPaths,
        Map<String, String> environment) {

    public PodSettings {
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    }

    /** Without what the variables hold: an authority is long, and the address of a proxy may have a password in it. */
    @Override
    public String toString() {
        return "PodSettings[temporal=" + temporal + ", temporalNamespace=" + temporalNamespace + ", guarded="
                + guarded + ", walled=" + walled + ", cache=" + cache
                + ", parking=" + parking + ", hostPaths=" + hostPaths + ", environment of " + environment.keySet()
                + "]";
    }
}
