package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

@EnableKubernetesMockClient(crud = true)
class OwnNodeProvisionerTest extends OwnNodeContract {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @Override
    protected KubernetesClient client() {
        return client;
    }

    @Override
    protected OwnNodeSettings settings() {
        return new OwnNodeSettings("kaitoflow", "test");
    }

    @Override
    protected int seeds() {
        return 20;
    }
}
