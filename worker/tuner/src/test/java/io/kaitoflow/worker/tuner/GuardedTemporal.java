package io.kaitoflow.worker.tuner;

import io.kaitoflow.gateway.GatewaySettings;
import io.kaitoflow.gateway.TunerGateway;
import io.kaitoflow.gateway.TunerTokens;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.testcluster.TemporalDevServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Temporal as a cluster's tuners reach it: behind the gateway, with a token in a folder that a kubelet would mount. */
final class GuardedTemporal implements AutoCloseable {

    private final TemporalConnection connection;
    private final TunerGateway gateway;
    private final Path access;

    private GuardedTemporal(TemporalConnection connection, TunerGateway gateway, Path access) {
        this.connection = connection;
        this.gateway = gateway;
        this.access = access;
    }

    static GuardedTemporal of(TemporalDevServer temporal, String uid, Path folder) throws IOException {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        Files.writeString(keys.resolve("signing"), "s".repeat(32));
        Path access = Files.createDirectories(folder.resolve("access"));
        Files.writeString(
                access.resolve("token"), new TunerTokens(keys, InstantSource.system()).issue(uid, Duration.ofHours(1)));
        TemporalConnection connection = TemporalConnection.open(TemporalAddress.of(temporal.target()));
        TunerGateway gateway = TunerGateway.start(
                new GatewaySettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), keys, null, Optional.empty()),
                connection.client().getWorkflowServiceStubs(),
                "default",
                InstantSource.system());
        return new GuardedTemporal(connection, gateway, access);
    }

    /** What the manifest of a tuner's pod says of it. */
    Map<String, String> environment() {
        return Map.of(
                "KAITOFLOW_TEMPORAL_ADDRESS",
                "127.0.0.1:" + gateway.port(),
                "KAITOFLOW_TEMPORAL_ACCESS",
                access.toString());
    }

    @Override
    public void close() {
        gateway.close();
        connection.close();
    }
}
