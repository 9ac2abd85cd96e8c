package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.NamedObjects;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ConfigMaps and Secrets that workspaces name: a change of one wakes exactly those that name it. */
final class NamedObjectSources {

    private static final String BY_CONFIG_MAP = "named-config-maps";
    private static final String BY_SECRET = "named-secrets";

    private final InformerEventSource<ConfigMap, Workspace> configMaps;

    /** By namespace, since each informer drops from its store what it does not find itself. */
    private final Map<String, InformerEventSource<Secret, Workspace>> secrets;

    NamedObjectSources(EventSourceContext<Workspace> context, WatchedNamespaces watched) {
        IndexerResourceCache<Workspace> workspaces = context.getPrimaryCache();
        workspaces.addIndexer(
                BY_CONFIG_MAP,
                workspace -> keys(workspace, NamedObjects.of(workspace).configMaps()));
        workspaces.addIndexer(
                BY_SECRET,
                workspace -> keys(workspace, NamedObjects.of(workspace).secrets()));
        configMaps = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(ConfigMap.class, Workspace.class)
                        .withNamespaces(watched.forInformers())
                        .withSecondaryToPrimaryMapper(map -> naming(workspaces, BY_CONFIG_MAP, map))
                        .build(),
                context);
        secrets = watched.forInformers().stream()
                .collect(Collectors.toMap(Function.identity(), namespace -> secretsOf(namespace, context)));
    }

    private static InformerEventSource<Secret, Workspace> secretsOf(
            String namespace, EventSourceContext<Workspace> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, Workspace.class)
                        .withName("secrets-" + namespace)
                        .withNamespaces(Set.of(namespace))
                        .withItemStore(new KeysOnlyStore())
                        .withFieldSelector(noReleases())
                        .withSecondaryToPrimaryMapper(secret -> naming(context.getPrimaryCache(), BY_SECRET, secret))
                        .build(),
                context);
    }

    List<EventSource<?, Workspace>> sources() {
        return Stream.<EventSource<?, Workspace>>concat(Stream.of(configMaps), secrets.values().stream())
                .toList();
    }

    /** Those that the workspace names, as far as they exist. */
    ReferencedObjects of(Workspace workspace) {
        NamedObjects named = NamedObjects.of(workspace);
        String namespace = workspace.getMetadata().getNamespace();
        return ReferencedObjects.complete(
                found(named.configMaps(), namespace, configMaps::get), found(named.secrets(), namespace, this::secret));
    }

    private Optional<Secret> secret(ResourceID id) {
        String namespace = id.getNamespace().orElse("");
        return Optional.ofNullable(secrets.getOrDefault(namespace, secrets.get(Constants.WATCH_ALL_NAMESPACES)))
                .flatMap(source -> source.get(id));
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
