package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The objects, asked of the API server itself.
 *
 * @param client that knows the class {@link Workspace}; stays the caller's
 */
public record WorkspaceObjects(KubernetesClient client) {

    private static final Set<String> AT_REST = Set.of("Completed", "Paused", "Failed", "Cancelled");

    /** The machines that the objects' statuses name, by workspace; of those that are being deleted none. */
    public Map<WorkspaceId, List<String>> machines() {
        return client.resources(Workspace.class).inAnyNamespace().list().getItems().stream()
                .filter(found -> !found.isMarkedForDeletion())
                .collect(Collectors.toMap(WorkspaceTranslator::idOf, WorkspaceObjects::nodes));
    }

    /** Those whose statuses say that they need no machine, and do not serve. */
    public Set<WorkspaceId> atRest() {
        return client.resources(Workspace.class).inAnyNamespace().list().getItems().stream()
                .filter(found -> Optional.ofNullable(found.getStatus())
                        .map(WorkspaceStatus::phase)
                        .filter(AT_REST::contains)
                        .isPresent())
                .map(WorkspaceTranslator::idOf)
                .collect(Collectors.toSet());
    }

    private static List<String> nodes(Workspace found) {
        return Optional.ofNullable(found.getStatus())
                .map(WorkspaceStatus::workerNodes)
                .orElse(List.of());
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
