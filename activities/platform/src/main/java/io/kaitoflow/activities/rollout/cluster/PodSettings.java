package io.kaitoflow.activities.rollout.cluster;

import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.activities.rollout.cluster.place.Placement;
import io.kaitoflow.activities.rollout.cluster.volumes.ModelCache;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkingSpace;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
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
 * @param placement of pods that need no machine of their own
 * @param hostPaths whether workspaces may name folders of a node
 * @param mirrors hosts that data may come from although they are private, as the control plane is told of them
 * @param push the service account that pushes where no secret is named
 * @param environment of every container, e.g. proxies and mirrors
 */
public record PodSettings(
        String temporal,
        String temporalNamespace,
        boolean guarded,
        boolean walled,
        ModelCache cache,
        ParkingSpace parking,
        Placement placement,
        boolean hostPaths,
        Optional<String> mirrors,
        Optional<PushAccount> push,
        Map<String, String> environment) {

    /** Read by the control plane and by a process that fetches data. */
    static final String MIRRORS = "KAITOFLOW_ALLOWED_HOSTS";

    public PodSettings {
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    }

    /** What a process that fetches data is told of these, beside its own variables. */
    Map<String, String> ofData() {
        return mirrors.map(hosts -> Map.of(MIRRORS, hosts)).orElse(Map.of());
    }

    /** Without what the variables hold: an authority is long, and the address of a proxy may have a password in it. */
    @Override
    public String toString() {
        return "PodSettings[temporal=" + temporal + ", temporalNamespace=" + temporalNamespace + ", guarded="
                + guarded + ", walled=" + walled + ", cache=" + cache
                + ", parking=" + parking + ", placement=" + placement + ", hostPaths=" + hostPaths + ", mirrors="
                + mirrors + ", push=" + push + ", environment of "
                + environment.keySet()
                + "]";
    }
}
