package io.kaitoflow.worker.tuner;

import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that a tuner is told, read once. There is no secret in it.
 *
 * @param temporal where its queue is
 * @param access lets it in there
 * @param taskQueue {@code tuner/UID}
 * @param home folder to work in
 * @param secrets where a pod finds them; empty on a user's own machine
 * @param healthPort on which a kubelet asks; empty when nobody does
 */
record TunerSettings(
        TemporalAddress temporal,
        TemporalAccess access,
        String taskQueue,
        Path home,
        Optional<Path> secrets,
        OptionalInt healthPort) {

    private static final int HIGHEST_PORT = 65_535;

    /** As a pod's environment says. */
    static TunerSettings from(Map<String, String> environment) {
        return new TunerSettings(
                new TemporalAddress(
                        required(environment, "KAITOFLOW_TEMPORAL_ADDRESS"),
                        environment.getOrDefault("KAITOFLOW_TEMPORAL_NAMESPACE", TemporalAddress.DEFAULT_NAMESPACE)),
                Optional.ofNullable(environment.get("KAITOFLOW_TEMPORAL_ACCESS"))
                        .map(Path::of)
                        .map(TemporalAccess::by)
                        .orElseGet(TemporalAccess::open),
                required(environment, "KAITOFLOW_TASK_QUEUE"),
                Path.of(required(environment, "KAITOFLOW_HOME")),
                Optional.ofNullable(environment.get("KAITOFLOW_SECRETS")).map(Path::of),
                healthPort(environment));
    }

    /** Whose tuner it is. */
    String uid() {
        return taskQueue.substring(taskQueue.indexOf('/') + 1);
    }

    private static OptionalInt healthPort(Map<String, String> environment) {
        String text = environment.getOrDefault("KAITOFLOW_HEALTH_PORT", "");
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
            throw new IllegalArgumentException("KAITOFLOW_HEALTH_PORT: \"" + text + "\" must be a port number.");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set; a tuner without options needs it.");
        }
        return value;
    }
}
