package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.NamedObjects;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ConfigMaps and Secrets that workspaces name: a change of one wakes exactly those that name it. */
final class NamedObjectSources {

    private static final String BY_CONFIG_MAP = "named-config-maps";
    private static final String BY_SECRET = "named-secrets";

    private final InformerEventSource<ConfigMap, Workspace> configMaps;
    private final InformerEventSource<Secret, Workspace> secrets;

    NamedObjectSources(EventSourceContext<Workspace> context) {
        IndexerResourceCache<Workspace> workspaces = context.getPrimaryCache();
        workspaces.addIndexer(
                BY_CONFIG_MAP,
                workspace -> keys(workspace, NamedObjects.of(workspace).configMaps()));
        workspaces.addIndexer(
                BY_SECRET,
                workspace -> keys(workspace, NamedObjects.of(workspace).secrets()));
        configMaps = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(ConfigMap.class, Workspace.class)
                        .withSecondaryToPrimaryMapper(map -> naming(workspaces, BY_CONFIG_MAP, map))
                        .build(),
                context);
        secrets = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, Workspace.class)
                        .withItemStore(new KeysOnlyStore())
                        .withFieldSelector(noReleases())
                        .withSecondaryToPrimaryMapper(secret -> naming(workspaces, BY_SECRET, secret))
                        .build(),
                context);
    }

    List<EventSource<?, Workspace>> sources() {
        return List.of(configMaps, secrets);
    }

    /** Those that the workspace names, as far as they exist. */
    ReferencedObjects of(Workspace workspace) {
        NamedObjects named = NamedObjects.of(workspace);
        String namespace = workspace.getMetadata().getNamespace();
        return ReferencedObjects.complete(
                found(named.configMaps(), namespace, configMaps::get), found(named.secrets(), namespace, secrets::get));
    }

    private static <T> List<T> found(Set<String> names, String namespace, Function<ResourceID, Optional<T>> cache) {
        return names.stream()
                .map(name -> new ResourceID(name, namespace))
                .flatMap(id -> cache.apply(id).stream())
                .toList();
    }

    private static Set<ResourceID> naming(IndexerResourceCache<Workspace> workspaces, String index, HasMetadata named) {
        return workspaces
                .byIndex(
                        index,
                        key(
                                named.getMetadata().getNamespace(),
                                named.getMetadata().getName()))
                .stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static List<String> keys(Workspace workspace, Set<String> names) {
        String namespace = workspace.getMetadata().getNamespace();
        return names.stream().map(name -> key(namespace, name)).toList();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    /** The releases of Helm are many and large, and no workspace names one. */
    private static FieldSelector noReleases() {
        return new FieldSelector(new FieldSelector.Field("type", "helm.sh/release.v1", true));
    }
}
