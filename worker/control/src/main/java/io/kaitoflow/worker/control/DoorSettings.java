package io.kaitoflow.worker.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where tuners are let in to Temporal.
 *
 * @param address on which they are let in; port 0 takes a free one
 * @param keys folder with the installation's secrets, by which their tokens are known
 * @param tls folder with {@code tls.crt}, {@code tls.key} and {@code ca.crt}; empty where nothing is encrypted
 */
public record DoorSettings(InetSocketAddress address, Path keys, Optional<Path> tls) {

    private static final String KEYS = "KAITOFLOW_GATEWAY_KEYS";

    /** On as soon as it has keys. */
    static Optional<DoorSettings> from(Map<String, String> environment) {
        if (!environment.containsKey(KEYS)) {
            return Optional.empty();
        }
        return Optional.of(new DoorSettings(
                new InetSocketAddress(
                        ControlSettings.text(environment, "KAITOFLOW_GATEWAY_HOST", "0.0.0.0"),
                        ControlSettings.port(
                                "KAITOFLOW_GATEWAY_PORT",
                                ControlSettings.text(environment, "KAITOFLOW_GATEWAY_PORT", "7243"))),
                Path.of(ControlSettings.text(environment, KEYS, "")),
                Optional.ofNullable(environment.get("KAITOFLOW_GATEWAY_TLS")).map(Path::of)));
    }
}
