package io.kaitoflow.activities.nodes.byo;

/**
 * Where reservations are kept.
 *
 * @param namespace in which the Leases lie; all that share the nodes must say the same
 * @param installation told apart from other installations that share the cluster
 */
public record OwnNodeSettings(String namespace, String installation) {}
