package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.stream.Stream;

/**
 * The objects, asked of the API server itself.
 *
 * @param client that knows the class {@link Workspace}; stays the caller's
 * @param watched whose Workspaces are looked after
 */
public record WorkspaceObjects(KubernetesClient client, WatchedNamespaces watched) {

    /** All that are looked after. */
    public List<Workspace> all() {
        return watched.names().isEmpty()
                ? client.resources(Workspace.class).inAnyNamespace().list().getItems()
                : watched.names().stream().flatMap(this::in).toList();
    }

    private Stream<Workspace> in(String namespace) {
        return client.resources(Workspace.class).inNamespace(namespace).list().getItems().stream();
    }

    /** What the statuses of all say. */
    public ListedStatuses statuses() {
        return new ListedStatuses(all());
    }

    /** Also one that is looked after no more. By a list: a single read cannot tell an object that is gone from a definition that is not served yet. */
    public boolean exists(WorkspaceId id) {
        return client
                .resources(Workspace.class)
                .inNamespace(id.namespace())
                .withField("metadata.name", id.name())
                .list()
                .getItems()
                .stream()
                .anyMatch(found -> found.getMetadata().getUid().equals(id.uid()));
    }
}
