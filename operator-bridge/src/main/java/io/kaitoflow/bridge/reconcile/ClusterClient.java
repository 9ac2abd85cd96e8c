package io.kaitoflow.bridge.reconcile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kaitoflow.bridge.api.Workspace;

/** What every client of ours has to be told before it is built. */
public final class ClusterClient {

    private ClusterClient() {}

    /**
     * Knows our resource, and forgives fields that another release wrote: a watch must not end over one. Leaves out who owns which
     * field: nobody asks, and it was half of what the caches held.
     */
    public static KubernetesClientBuilder prepared(KubernetesClientBuilder builder) {
        KubernetesSerialization serialization = new KubernetesSerialization(
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
                        .build(),
                true);
        serialization.registerKubernetesResource(Workspace.class);
        return builder.withKubernetesSerialization(serialization);
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}
