package io.kaitoflow.worker.chaos;

/** What dies, and how. */
enum Victim {
    /** The process on the machine, by {@code kill -9}. */
    TUNER,
    /** The machine with its disk and everything on it; the cloud takes its claim away. */
    NODE,
    /** The control plane's process, by {@code kill -9}. */
    CONTROL_WORKER,
    /** The same process stands still for a while and then goes on, without knowing that it did. */
    BRIDGE,
    /** Temporal, by {@code kill -9}; its database stays. */
    TEMPORAL,
    /** Temporal with its database: nobody remembers anything. */
    DATABASE,
    /** The run, terminated by hand. */
    RUN,
    /** The API server, by {@code kill -9}; what it stores stays. */
    API_SERVER,
    /** The registry, by {@code kill -9}; its images stay. */
    REGISTRY,
    /** The network between two of them. */
    NETWORK
}
