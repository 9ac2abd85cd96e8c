package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.VolumeReference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * ConfigMaps and Secrets of the workspace's namespace, as far as they were found.
 *
 * @param configMaps by name
 * @param secrets by name
 * @param secretsRead whether a secret that was not found is not there; elsewhere secrets are not to be read, or made up
 */
public record ReferencedObjects(Map<String, ConfigMap> configMaps, Map<String, Secret> secrets, boolean secretsRead) {

    public ReferencedObjects {
        configMaps = Map.copyOf(configMaps);
        secrets = Map.copyOf(secrets);
    }

    /** Other secrets than these may be there. */
    public static ReferencedObjects of(Collection<ConfigMap> configMaps, Collection<Secret> secrets) {
        return new ReferencedObjects(byName(configMaps), byName(secrets), false);
    }

    /** All that there are of those that the workspace names; of the secrets the keys are enough. */
    public static ReferencedObjects complete(Collection<ConfigMap> configMaps, Collection<Secret> secrets) {
        return new ReferencedObjects(byName(configMaps), byName(secrets), true);
    }

    public static ReferencedObjects none() {
        return of(List.of(), List.of());
    }

    public Optional<ConfigMap> configMap(String name) {
        return Optional.ofNullable(configMaps.get(name));
    }

    public Optional<Secret> secret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    /** A ConfigMap is named with what it holds, so that an edit of it is another volume. */
    VolumeReference asItIsNow(String path, VolumeReference volume, Findings findings) {
        if (!(volume instanceof VolumeReference.ConfigMap named)) {
            return volume;
        }
        Optional<ConfigMap> map = configMap(named.name());
        if (map.isEmpty()) {
            findings.missing("ConfigMap", named.name(), path + ".configMap.name");
        }
        return new VolumeReference.ConfigMap(named.name(), map.map(ObservedWorkspace::content));
    }

    /** Notes a secret that is not there yet, where that is known. */
    Optional<Secret> secret(String path, String name, Findings findings) {
        Optional<Secret> found = secret(name);
        if (found.isEmpty() && secretsRead) {
            findings.missing("Secret", name, path);
        }
        return found;
    }

    /** Whether a secret has a key; what it holds there is nobody's business. */
    static boolean hasKey(Secret secret, String key) {
        return Objects.requireNonNullElse(secret.getData(), Map.of()).containsKey(key)
                || Objects.requireNonNullElse(secret.getStringData(), Map.of()).containsKey(key);
    }

    /** Whether a secret has anything that a pod sees when it mounts all of it; names with a dot before them are hidden. */
    static boolean isEmpty(Secret secret) {
        return Stream.of(secret.getData(), secret.getStringData())
                .filter(Objects::nonNull)
                .flatMap(values -> values.keySet().stream())
                .allMatch(name -> name.startsWith("."));
    }

    private static <T extends HasMetadata> Map<String, T> byName(Collection<T> objects) {
        Map<String, T> named = new TreeMap<>();
        objects.forEach(object -> named.put(object.getMetadata().getName(), object));
        return named;
    }
}
