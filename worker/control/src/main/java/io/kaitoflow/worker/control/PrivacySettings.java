package io.kaitoflow.worker.control;

import io.kaitoflow.temporal.codec.CodecSettings;
import io.kaitoflow.temporal.codec.EncryptingCodec;
import io.kaitoflow.temporal.codec.PayloadKeys;
import io.temporal.payload.codec.PayloadCodec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How what Temporal keeps is kept from those who keep it.
 *
 * @param keys folder with the keys of payloads
 * @param people how payloads are decrypted for them; empty when they are not
 */
public record PrivacySettings(Path keys, Optional<CodecSettings> people) {

    private static final String KEYS = "KAITOFLOW_PAYLOAD_KEYS";
    private static final String TOKEN = "KAITOFLOW_CODEC_TOKEN";

    /** On as soon as it has keys. */
    static Optional<PrivacySettings> from(Map<String, String> environment) {
        if (!environment.containsKey(KEYS)) {
            return Optional.empty();
        }
        if (DoorSettings.from(environment).isEmpty()) {
            throw new IllegalArgumentException(
                    KEYS + " needs KAITOFLOW_GATEWAY_KEYS: tuners are given no key of payloads,"
                            + " and read them through the gateway.");
        }
        return Optional.of(
                new PrivacySettings(Path.of(ControlSettings.text(environment, KEYS, "")), people(environment)));
    }

    PayloadCodec codec() {
        return new EncryptingCodec(new PayloadKeys(keys));
    }

    private static Optional<CodecSettings> people(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(TOKEN))
                .map(token -> new CodecSettings(
                        new InetSocketAddress(
                                ControlSettings.text(environment, "KAITOFLOW_CODEC_HOST", "0.0.0.0"),
                                ControlSettings.port(
                                        "KAITOFLOW_CODEC_PORT",
                                        ControlSettings.text(environment, "KAITOFLOW_CODEC_PORT", "8234"))),
                        Path.of(token),
                        Arrays.stream(environment
                                        .getOrDefault("KAITOFLOW_CODEC_ORIGINS", "")
                                        .split(","))
                                .map(String::strip)
                                .filter(origin -> !origin.isEmpty())
                                .collect(Collectors.toSet())));
    }
}
