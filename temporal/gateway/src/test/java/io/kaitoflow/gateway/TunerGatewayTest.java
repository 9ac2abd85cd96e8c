package io.kaitoflow.gateway;

import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Before the server that lives in a process. */
class TunerGatewayTest extends TunerGatewayContract {

    private static TemporalServer server;

    @BeforeAll
    static void start() {
        server = TemporalServer.inProcess();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    TemporalAddress temporal() {
        return server.address();
    }
}
