package io.kaitoflow.activities.rollout;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a process of the runtime is there for, with the main class that does it and how its JVM is started. */
public enum Role {
    TUNER("io.kaitoflow.worker.tuner.TunerMain", List.of("-Xms32m", "-Xmn16m", "-Xmx640m", "-XX:+UseSerialGC")),
    /** With a full heap it could look well and answer nothing, so it ends there, and is started anew. */
    SERVER(
            "io.kaitoflow.inference.server.ServerMain",
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")),
    /** Answers this product's calls for a server of somebody else's. */
    GATEWAY("io.kaitoflow.inference.server.gateway.GatewayMain", List.of("-Xmx96m", "-XX:+UseSerialGC")),
    /** Brings model and adapters to a server that cannot do so itself. */
    FETCHER("io.kaitoflow.worker.tuner.FetchMain", List.of("-Xmx256m", "-XX:+UseSerialGC")),
    /** Looks at training data before a machine is bought. */
    INSPECTOR("io.kaitoflow.worker.tuner.InspectMain", List.of("-Xmx512m", "-XX:+UseSerialGC")),
    /** Takes a result that could not be pushed into a volume. */
    KEEPER("io.kaitoflow.worker.tuner.KeepMain", List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")),
    /** Stays beside the server and brings it the adapters that it is to have next. */
    FOLLOWER("io.kaitoflow.worker.tuner.FollowMain", List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

    /** What every process of the runtime needs of its JVM. */
    public static final List<String> JVM_FLAGS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** What glibc and libgomp need to stay lean and to share the cores; read when those libraries load. */
    public static final Map<String, String> NATIVE_SETTINGS = Map.of(
            "OMP_WAIT_POLICY", "PASSIVE",
            "GOMP_SPINCOUNT", "1000",
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_THRESHOLD_", "20000000",
            "MALLOC_TRIM_THRESHOLD_", "1000000000",
            "DJL_OFFLINE", "true",
            "OPT_OUT_TRACKING", "true");

    private final String mainClass;
    private final List<String> heap;

    Role(String mainClass, List<String> heap) {
        this.mainClass = mainClass;
        this.heap = heap;
    }

    public String mainClass() {
        return mainClass;
    }

    /** The heap beside the native memory. */
    public List<String> heap() {
        return heap;
    }

    /** The name in process files, labels and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
