package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Whose object it is and what for, written into its labels and read from them. */
final class PodLabels {

    static final String ROLE = "kaito.sh/role";

    /** Of pods alone: tells the pods of one roll-out from those of another. */
    static final String ROLLOUT = "kaito.sh/rollout";

    private static final String UID = ClaimLabels.UID;
    private static final int UID_IN_NAME = 8;
    private static final String INSTALLATION = ClaimLabels.INSTALLATION;

    private PodLabels() {}

    static Map<String, String> of(WorkspaceId id, Role role, String installation) {
        Map<String, String> labels = new TreeMap<>(selector(id, role));
        labels.putAll(ClaimLabels.of(id, installation));
        labels.put("app.kubernetes.io/managed-by", "kaitoflow");
        return labels;
    }

    /** Of a server's Deployment and Service, which are called as their workspace is. */
    static ObjectMeta ofServer(WorkspaceId id, String installation) {
        return new ObjectMetaBuilder()
                .withName(id.name())
                .withNamespace(id.namespace())
                .withLabels(of(id, Role.SERVER, installation))
                .withOwnerReferences(owner(id))
                .build();
    }

    /** What finds a workspace's pods of a role, and never those of a namesake. */
    static Map<String, String> selector(WorkspaceId id, Role role) {
        return new TreeMap<>(Map.of(UID, id.uid(), ROLE, role.label()));
    }

    /** What finds the objects of a role, whosever they are. */
    static Map<String, String> selector(Role role, String installation) {
        return Map.of(ROLE, role.label(), INSTALLATION, installation);
    }

    /** What sets a name apart from that of a namesake which is gone. */
    static String shortUid(WorkspaceId id) {
        return id.uid().substring(0, Math.min(id.uid().length(), UID_IN_NAME));
    }

    /** Whose object it is; empty for something that is not ours. */
    static Optional<WorkspaceId> owner(HasMetadata object) {
        return ClaimLabels.owner(labels(object));
    }

    static boolean owns(WorkspaceId id, HasMetadata object) {
        return id.uid().equals(labels(object).get(UID));
    }

    /** Whether anybody's label of ours is on it. */
    static boolean ours(HasMetadata object) {
        return labels(object).containsKey(UID);
    }

    /** The object goes with its workspace even when nobody of ours is there to delete it. */
    static OwnerReference owner(WorkspaceId id) {
        return new OwnerReferenceBuilder()
                .withApiVersion("kaito.sh/v1beta1")
                .withKind("Workspace")
                .withName(id.name())
                .withUid(id.uid())
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }
}
