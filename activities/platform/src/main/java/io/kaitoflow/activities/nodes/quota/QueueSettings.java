package io.kaitoflow.activities.nodes.quota;

/**
 * Where queues are kept.
 *
 * @param namespace of the control plane, in which the ConfigMaps lie
 * @param installation told apart from others in the same cluster
 * @param caps of namespaces
 */
public record QueueSettings(String namespace, String installation, Caps caps) {

    /** Of the ConfigMap for one namespace. */
    String name(String queue) {
        return installation + "-queue-" + queue;
    }
}
