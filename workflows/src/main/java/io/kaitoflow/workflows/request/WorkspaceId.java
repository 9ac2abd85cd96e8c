package io.kaitoflow.workflows.request;

/**
 * Which workspace is meant. The uid makes delete and re-create safe: a namesake is another workspace.
 *
 * @param namespace where the object lives; {@code default} in local mode
 * @param name the object's name
 * @param uid unique over all objects that ever had this name
 */
public record WorkspaceId(String namespace, String name, String uid) {

    /** The workflow's id: {@code workspace/<namespace>/<name>/<uid>}. */
    public String workflowId() {
        return "workspace/" + namespace + "/" + name + "/" + uid;
    }
}
