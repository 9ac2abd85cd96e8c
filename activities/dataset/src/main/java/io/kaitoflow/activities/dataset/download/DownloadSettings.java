package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.presets.ByteSize;
import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param connect bound on making a connection
 * @param stall bound on hearing nothing, before the answer begins and in the middle of it
 * @param attempts in all, where the server answered once or broke off
 * @param connectAttempts in all, where no connection came about
 * @param backOff pause after the first failed attempt; it doubles up to {@code longestBackOff}
 * @param longestBackOff also the longest pause that a server can ask for
 * @param largest size of a file that is accepted
 */
public record DownloadSettings(
        Duration connect,
        Duration stall,
        int attempts,
        int connectAttempts,
        Duration backOff,
        Duration longestBackOff,
        ByteSize largest) {

    public DownloadSettings {
        if (attempts < 1 || connectAttempts < 1) {
            throw new IllegalArgumentException("At least one attempt is needed");
        }
    }

    /** For users' data: patient, at most 64 GiB a file. */
    public static DownloadSettings patient() {
        return new DownloadSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                5,
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                ByteSize.ofGibibytes(64));
    }

    /** For a source that has a substitute: one try to connect, four seconds long. */
    public static DownloadSettings quickToGiveUp() {
        return new DownloadSettings(
                Duration.ofSeconds(4),
                Duration.ofSeconds(30),
                4,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                ByteSize.ofGibibytes(256));
    }

    Duration backOffAfter(int failedAttempts) {
        Duration doubled = backOff.multipliedBy(1L << Math.min(failedAttempts - 1, 20));
        return doubled.compareTo(longestBackOff) < 0 ? doubled : longestBackOff;
    }
}
