package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose claim something is, written into its labels and read from them. */
public final class ClaimLabels {

    public static final String WORKSPACE = "kaito.sh/workspace";
    public static final String NAMESPACE = "kaito.sh/workspacenamespace";
    public static final String UID = "kaito.sh/workspace-uid";
    public static final String INSTALLATION = "kaito.sh/installation";

    private ClaimLabels() {}

    public static Map<String, String> of(WorkspaceId id, String installation) {
        return Map.of(WORKSPACE, id.name(), NAMESPACE, id.namespace(), UID, id.uid(), INSTALLATION, installation);
    }

    /** Empty for something that is not ours. */
    public static Optional<WorkspaceId> owner(@Nullable Map<String, String> labels) {
        return Optional.ofNullable(labels)
                .filter(all -> all.containsKey(UID))
                .map(all -> new WorkspaceId(
                        all.getOrDefault(NAMESPACE, ""), all.getOrDefault(WORKSPACE, ""), all.getOrDefault(UID, "")));
    }

    public static boolean owns(WorkspaceId id, @Nullable Map<String, String> labels) {
        return owner(labels).filter(owner -> owner.uid().equals(id.uid())).isPresent();
    }
}
