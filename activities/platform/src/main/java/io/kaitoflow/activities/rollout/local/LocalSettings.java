package io.kaitoflow.activities.rollout.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How child processes are started here.
 *
 * @param java the {@code java} binary
 * @param classPath that holds tuner and server
 * @param home that the tuner works in
 * @param logs folder of the children's output
 * @param state folder of the children's process files
 * @param temporal {@code host:port} that the tuner polls
 * @param port of the server; 0 takes any free one
 * @param environment added to this process's own
 * @param jvmFlags of every child
 */
public record LocalSettings(
        Path java,
        String classPath,
        Path home,
        Path logs,
        Path state,
        String temporal,
        int port,
        Map<String, String> environment,
        List<String> jvmFlags) {

    public LocalSettings {
        environment = Map.copyOf(environment);
        jvmFlags = List.copyOf(jvmFlags);
    }
}
