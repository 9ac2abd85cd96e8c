package io.kaitoflow.activities.rollout.local;

import java.util.List;

/** What a child process is there for, with the main class that does it and the heap it needs beside its native memory. */
enum Role {
    TUNER("io.kaitoflow.worker.tuner.TunerMain", List.of("-Xms32m", "-Xmn16m", "-Xmx640m", "-XX:+UseSerialGC")),
    SERVER("io.kaitoflow.inference.server.ServerMain", List.of("-Xmx256m", "-XX:+UseSerialGC"));

    private final String mainClass;
    private final List<String> heap;

    Role(String mainClass, List<String> heap) {
        this.mainClass = mainClass;
        this.heap = heap;
    }

    String mainClass() {
        return mainClass;
    }

    List<String> heap() {
        return heap;
    }

    /** The name in process files and logs. */
    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
