package io.kaitoflow.bridge.reconcile;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kaitoflow.bridge.api.Workspace;

/** What every client of ours has to be told before it is built. */
public final class ClusterClient {

    private ClusterClient() {}

    /** Knows our resource, and forgives fields that another release wrote: a watch must not end over one. */
    public static KubernetesClientBuilder prepared(KubernetesClientBuilder builder) {
        KubernetesSerialization serialization = new KubernetesSerialization(
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build(),
                true);
        serialization.registerKubernetesResource(Workspace.class);
        return builder.withKubernetesSerialization(serialization);
    }
}
