package io.kaitoflow.inference.server.engine;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at debug level how long each part of loading took, and when it ended since the process began. */
final class LoadPhases {

    private static final Logger LOG = LoggerFactory.getLogger(LoadPhases.class);

    private long begin = System.nanoTime();

    void ended(String phase) {
        long now = System.nanoTime();
        LOG.debug(
                "{}: {} ms, done {} ms after start",
                phase,
                Duration.ofNanos(now - begin).toMillis(),
                uptime());
        begin = now;
    }

    private static long uptime() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, java.time.Instant.now()).toMillis())
                .orElse(0L);
    }
}
