package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Secrets as the bridge may know them: which keys there are and in which version, never what they hold. */
final class KeysOnlyStore extends BasicItemStore<Secret> {

    KeysOnlyStore() {
        super((Secret secret) -> Cache.metaNamespaceKeyFunc((HasMetadata) secret));
    }

    @Override
    public Secret put(String key, Secret secret) {
        secret.setData(keys(secret.getData()));
        secret.setStringData(null);
        return super.put(key, secret);
    }

    /** The store has less than the server, and says so. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private static Map<String, String> keys(Map<String, String> data) {
        return Objects.requireNonNullElse(data, Map.<String, String>of()).keySet().stream()
                .collect(Collectors.toMap(key -> key, key -> ""));
    }
}
