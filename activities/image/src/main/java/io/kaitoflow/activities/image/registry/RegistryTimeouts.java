package io.kaitoflow.activities.image.registry;

import io.kaitoflow.presets.ByteSize;
import java.time.Duration;

/**
 * How long a registry may take.
 *
 * @param connect until the connection stands
 * @param answer until a call without a large body is answered whole
 * @param slowestPerSecond a transfer slower than this on average is given up
 */
public record RegistryTimeouts(Duration connect, Duration answer, ByteSize slowestPerSecond) {

    /** Ten seconds to connect, thirty to answer, a quarter of a megabyte a second. */
    public static RegistryTimeouts usual() {
        return new RegistryTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), new ByteSize(1 << 18));
    }

    /** The bound for a call that carries {@code bytes} in either direction. */
    Duration carrying(long bytes) {
        return answer.plusSeconds(bytes / slowestPerSecond.bytes());
    }
}
