package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Statuses by server-side apply: one field manager that owns all of it. The uid goes along, so a namesake is never written. */
final class ClusterStatus implements StatusSink {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterStatus.class);

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("kaitoflow-status")
            .withForce(true)
            .build();

    private final KubernetesClient client;

    ClusterStatus(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Answer write(WorkspaceId id, WorkspaceStatus status) {
        try {
            client.resource(body(id, status)).subresource("status").patch(APPLY);
            return Answer.WRITTEN;
        } catch (KubernetesClientException e) {
            return refused(id, e);
        }
    }

    private Answer refused(WorkspaceId id, KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> Answer.GONE;
            case HttpURLConnection.HTTP_CONFLICT -> exists(id) ? Answer.AGAIN : Answer.GONE;
            default -> {
                LOG.atWarn()
                        .addKeyValue("workflowId", id.workflowId())
                        .setCause(e)
                        .log("A status was not written and is tried again");
                yield Answer.AGAIN;
            }
        };
    }

    /** A conflict is either somebody who was faster, or another object by the same name. */
    private boolean exists(WorkspaceId id) {
        try {
            HasMetadata found = client.resources(Workspace.class)
                    .inNamespace(id.namespace())
                    .withName(id.name())
                    .get();
            return found != null && id.uid().equals(found.getMetadata().getUid());
        } catch (KubernetesClientException nobodyAnswers) {
            return true;
        }
    }

    private static Workspace body(WorkspaceId id, WorkspaceStatus status) {
        Workspace body = new Workspace();
        body.setMetadata(new ObjectMetaBuilder()
                .withNamespace(id.namespace())
                .withName(id.name())
                .withUid(id.uid())
                .build());
        body.setStatus(status);
        return body;
    }
}
