package io.kaitoflow.activities.rollout.cluster.volumes;

/** Where pods keep base models, by digest, so that the next pod need not fetch them. */
public sealed interface ModelCache {

    /** Each pod has its own, gone with it. */
    record Pod() implements ModelCache {}

    /** A folder of the node, which exists and which the pods' group may write to; tuner and server on one node share it. */
    record Node(String path) implements ModelCache {
        public Node {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("\"" + path + "\" must be an absolute path.");
            }
        }
    }

    /** A PersistentVolumeClaim of this name in each workspace's namespace. */
    record Claim(String name) implements ModelCache {}

    /** Reads {@code pod}, {@code node:/PATH} or {@code claim:NAME}. */
    public static ModelCache parse(String text) {
        if (text.equals("pod")) {
            return new Pod();
        }
        if (text.startsWith("node:")) {
            return new Node(text.substring("node:".length()));
        }
        if (text.matches("claim:[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
            return new Claim(text.substring("claim:".length()));
        }
        throw new IllegalArgumentException("\"" + text + "\" must be pod, node:/PATH or claim:NAME.");
    }
}
