package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whose claim it is, written into its labels and read from them. */
final class ClaimLabels {

    static final String WORKSPACE = "kaito.sh/workspace";
    static final String NAMESPACE = "kaito.sh/workspacenamespace";
    static final String UID = "kaito.sh/workspace-uid";
    static final String INSTALLATION = "kaito.sh/installation";

    private ClaimLabels() {}

    static Map<String, String> of(WorkspaceId id, String installation) {
        return Map.of(WORKSPACE, id.name(), NAMESPACE, id.namespace(), UID, id.uid(), INSTALLATION, installation);
    }

    /** Empty for a claim that is not ours. */
    static Optional<WorkspaceId> owner(HasMetadata claim) {
        Map<String, String> labels =
                Objects.requireNonNullElse(claim.getMetadata().getLabels(), Map.of());
        return Optional.ofNullable(labels.get(UID))
                .map(uid ->
                        new WorkspaceId(labels.getOrDefault(NAMESPACE, ""), labels.getOrDefault(WORKSPACE, ""), uid));
    }

    static boolean owns(WorkspaceId id, HasMetadata claim) {
        return owner(claim).filter(owner -> owner.uid().equals(id.uid())).isPresent();
    }
}
