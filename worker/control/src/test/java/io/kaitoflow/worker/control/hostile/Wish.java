package io.kaitoflow.worker.control.hostile;

/** What a user wants of one workspace now, and how many claims that may have cost since its creation. */
final class Wish {

    final String namespace;
    final String name;
    final String uid;
    boolean paused;
    boolean spot;
    boolean refused;
    int adapters;
    int allowance = 1;

    Wish(String namespace, String name, String uid) {
        this.namespace = namespace;
        this.name = name;
        this.uid = uid;
    }

    int claims() {
        return paused ? 0 : 1;
    }

    String phase() {
        return paused ? "Paused" : "Provisioning";
    }

    String capacity() {
        return spot ? "spot" : "on-demand";
    }

    @Override
    public String toString() {
        return namespace + "/" + name + " " + uid + " wants " + phase() + " " + capacity() + " with " + adapters
                + " adapters";
    }
}
