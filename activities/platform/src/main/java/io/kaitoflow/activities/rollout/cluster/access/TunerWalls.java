package io.kaitoflow.activities.rollout.cluster.access;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a tuner may go: everywhere, since registries, models and data are anywhere, but to the cluster's API, at whatever address it has.
 *
 * @param apiServer its addresses, as pods and as the network see it
 */
public record TunerWalls(List<Door> apiServer) {

    private static final int HIGHEST_PORT = 65_535;

    /** What may not be reached: one port of one address. */
    public record Door(String address, int port) {

        private String range() {
            return address + (address.contains(":") ? "/128" : "/32");
        }
    }

    public TunerWalls {
        apiServer = List.copyOf(apiServer);
    }

    /** @param pods that it holds for, by their labels */
    public NetworkPolicy policy(ObjectMeta metadata, Map<String, String> pods) {
        return new NetworkPolicyBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(pods)
                .endPodSelector()
                .withPolicyTypes("Egress")
                .withEgress(rules())
                .endSpec()
                .build();
    }

    /** Some networks know pods by their names alone, and what is outside by its address alone. */
    private List<NetworkPolicyEgressRule> rules() {
        List<NetworkPolicyEgressRule> rules = new ArrayList<>();
        rules.add(new NetworkPolicyEgressRuleBuilder()
                .withTo(
                        new NetworkPolicyPeerBuilder()
                                .withNewNamespaceSelector()
                                .endNamespaceSelector()
                                .build(),
                        all("0.0.0.0/0", false),
                        all("::/0", true))
                .build());
        apiServer.stream().map(Door::range).distinct().map(this::otherPorts).forEach(rules::add);
        return rules;
    }

    private NetworkPolicyPeer all(String range, boolean six) {
        return block(
                range,
                apiServer.stream()
                        .filter(door -> door.address().contains(":") == six)
                        .map(Door::range)
                        .distinct()
                        .toList());
    }

    private static NetworkPolicyPeer block(String range, List<String> except) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(range)
                .withExcept(except)
                .endIpBlock()
                .build();
    }

    /** A registry may live at the same address. */
    private NetworkPolicyEgressRule otherPorts(String range) {
        List<Integer> shut = apiServer.stream()
                .filter(door -> door.range().equals(range))
                .map(Door::port)
                .distinct()
                .sorted()
                .toList();
        List<NetworkPolicyPort> open = new ArrayList<>();
        int from = 1;
        for (int port : shut) {
            ports(from, port - 1).forEach(open::add);
            from = port + 1;
        }
        ports(from, HIGHEST_PORT).forEach(open::add);
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(block(range, List.of()))
                .withPorts(open)
                .build();
    }

    private static Stream<NetworkPolicyPort> ports(int from, int to) {
        return from > to
                ? Stream.empty()
                : Stream.of("TCP", "UDP")
                        .map(protocol -> new NetworkPolicyPortBuilder()
                                .withProtocol(protocol)
                                .withPort(new IntOrString(from))
                                .withEndPort(to)
                                .build());
    }
}
