package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same on a real API server, with nodes whose status says what a device plugin writes. */
@ExtendWith(WithApiServer.class)
class OwnNodeProvisionerIT extends OwnNodeContract {

    private final ApiServer server;
    private final OwnNodeSettings settings;

    OwnNodeProvisionerIT(ApiServer server) {
        this.server = server;
        this.settings = new OwnNodeSettings(server.newNamespace(), "test");
    }

    @Override
    protected KubernetesClient client() {
        return server.client();
    }

    @Override
    protected OwnNodeSettings settings() {
        return settings;
    }

    @Override
    protected int seeds() {
        return 200;
    }
}
