package io.kaitoflow.activities.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.byo.UnreliableOwnNodes;
import io.kaitoflow.activities.nodes.karpenter.UnreliableKarpenter;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Karpenter;
import io.kaitoflow.testcluster.WithApiServer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The providers whose books are an API server's, a real one. */
@ExtendWith(WithApiServer.class)
class KubernetesFaultsIT {

    private final ApiServer server;

    KubernetesFaultsIT(ApiServer server) {
        this.server = server;
        server.define(Karpenter.nodeClaims(), "nodeclaims.karpenter.sh");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noNodeOfTheUsersOwnStaysReserved(long seed) {
        try (UnreliableOwnNodes nodes = new UnreliableOwnNodes(server.client(), server.newNamespace())) {
            assertThat(FaultRun.of(seed, nodes)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noClaimOfKarpentersIsLeft(long seed) {
        try (UnreliableKarpenter karpenter = new UnreliableKarpenter(server.client(), "faults-" + seed)) {
            assertThat(FaultRun.of(seed, karpenter)).isEmpty();
        }
    }
}
