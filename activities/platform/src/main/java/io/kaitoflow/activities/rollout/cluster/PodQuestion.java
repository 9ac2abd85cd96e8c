package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.kaitoflow.activities.rollout.AdapterStanding;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;

/** Asks a server's pod which adapters it serves. */
@FunctionalInterface
interface PodQuestion {

    /** Empty while the pod does not answer. */
    Optional<AdapterStanding> standing(Pod pod);

    /** By the address of the pod. */
    static PodQuestion byAddress() {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        return pod -> address(pod).flatMap(address -> AdapterStanding.at(http, address));
    }

    /** Where a server's pod answers callers inside the cluster; empty before it has an address. */
    static Optional<String> address(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> status.getPodIP())
                .filter(address -> !address.isEmpty())
                .map(address -> address.contains(":") ? "[" + address + "]" : address)
                .map(address -> "http://" + address + ":" + ServiceManifest.SERVER_PORT);
    }
}
