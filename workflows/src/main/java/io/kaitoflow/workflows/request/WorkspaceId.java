package io.kaitoflow.workflows.request;

import java.util.List;
import java.util.Optional;

/**
 * Which workspace is meant. The uid makes delete and re-create safe: a namesake is another workspace.
 *
 * @param namespace where the object lives; {@code default} in local mode
 * @param name the object's name
 * @param uid unique over all objects that ever had this name
 */
public record WorkspaceId(String namespace, String name, String uid) {

    private static final String KIND = "workspace";
    private static final int PARTS = 4;

    /** The workflow's id: {@code workspace/<namespace>/<name>/<uid>}. */
    public String workflowId() {
        return KIND + "/" + namespace + "/" + name + "/" + uid;
    }

    /** Whose run that is; empty when it is no workspace's. */
    public static Optional<WorkspaceId> ofWorkflow(String workflowId) {
        List<String> parts = List.of(workflowId.split("/", -1));
        return parts.size() == PARTS && parts.getFirst().equals(KIND)
                ? Optional.of(new WorkspaceId(parts.get(1), parts.get(2), parts.get(3)))
                : Optional.empty();
    }
}
