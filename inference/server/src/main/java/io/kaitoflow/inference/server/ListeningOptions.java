package io.kaitoflow.inference.server;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Where a program of this package listens, and how it leaves; the options that all of them have. */
public final class ListeningOptions {

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on (default ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on, 0 for a free one (default ${DEFAULT-VALUE}).")
    private int port = 5000;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            description = "Longest time for one reply, ISO 8601 (default ${DEFAULT-VALUE}).")
    private Duration deadline = Duration.ofMinutes(5);

    @Option(
            names = "--linger",
            paramLabel = "DURATION",
            description =
                    "Time for which requests are still taken when it is stopped, so that whoever has not heard of it is"
                            + " answered (default ${DEFAULT-VALUE}).")
    private Duration linger = Duration.ZERO;

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            description = "Time that running replies get when it is stopped (default ${DEFAULT-VALUE}).")
    private Duration drain = Duration.ofSeconds(20);

    /** A host name or an address. */
    public String host() {
        return host;
    }

    /** 0 for a free one. */
    public int port() {
        return port;
    }

    /** Longest time for one reply. */
    public Duration deadline() {
        return deadline;
    }

    /** How long requests are still taken after the signal to stop. */
    public Duration linger() {
        return linger;
    }

    /** How long running replies may go on after that. */
    public Duration drain() {
        return drain;
    }
}
