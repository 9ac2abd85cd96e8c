package io.kaitoflow.gateway;

import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.testcluster.TemporalDevServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Before a real Temporal server. */
class TunerGatewayIT extends TunerGatewayContract {

    private static TemporalDevServer server;

    @BeforeAll
    static void start() {
        server = TemporalDevServer.startInMemory();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    TemporalAddress temporal() {
        return TemporalAddress.of(server.target());
    }
}
