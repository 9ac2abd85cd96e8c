package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.workflows.request.WorkspaceId;

/**
 * The objects, asked of the API server itself.
 *
 * @param client that knows the class {@link Workspace}; stays the caller's
 */
public record WorkspaceObjects(KubernetesClient client) {

    /** What the statuses of all say. */
    public ListedStatuses statuses() {
        return new ListedStatuses(
                client.resources(Workspace.class).inAnyNamespace().list().getItems());
    }

    /** By a list: a single read cannot tell an object that is gone from a definition that is not served yet. */
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
