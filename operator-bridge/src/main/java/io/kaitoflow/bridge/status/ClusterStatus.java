package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statuses by server-side apply: one field manager that owns all of it. The version of the object goes along, so a namesake is never
 * written: the API server does not look at the uid in an applied status.
 */
final class ClusterStatus implements StatusSink {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterStatus.class);

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("kaitoflow-status")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Map<String, Long> written = new ConcurrentHashMap<>();

    ClusterStatus(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Answer write(WorkspaceId id, long version, WorkspaceStatus status) {
        long known = Math.max(version, written.getOrDefault(id.uid(), 0L));
        try {
            return known == 0 ? afterALook(id, status) : apply(id, known, status);
        } catch (KubernetesClientException e) {
            return e.getCode() == HttpURLConnection.HTTP_CONFLICT ? afterALook(id, status) : refused(id, e);
        }
    }

    private Answer apply(WorkspaceId id, long version, WorkspaceStatus status) {
        Workspace now =
                client.resource(body(id, version, status)).subresource("status").patch(APPLY);
        written.put(id.uid(), ObservedWorkspace.numericVersion(now));
        return Answer.WRITTEN;
    }

    /** Somebody was faster, or there is another object by the same name. */
    private Answer afterALook(WorkspaceId id, WorkspaceStatus status) {
        try {
            Workspace found = client.resources(Workspace.class)
                    .inNamespace(id.namespace())
                    .withName(id.name())
                    .get();
            if (found == null || !id.uid().equals(found.getMetadata().getUid())) {
                return gone(id);
            }
            return apply(id, ObservedWorkspace.numericVersion(found), status);
        } catch (KubernetesClientException e) {
            return refused(id, e);
        }
    }

    private Answer refused(WorkspaceId id, KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> gone(id);
            case HttpURLConnection.HTTP_CONFLICT -> Answer.AGAIN;
            default -> {
                LOG.atWarn()
                        .addKeyValue("workflowId", id.workflowId())
                        .setCause(e)
                        .log("A status was not written and is tried again");
                yield Answer.AGAIN;
            }
        };
    }

    private Answer gone(WorkspaceId id) {
        written.remove(id.uid());
        return Answer.GONE;
    }

    private static Workspace body(WorkspaceId id, long version, WorkspaceStatus status) {
        Workspace body = new Workspace();
        body.setMetadata(new ObjectMetaBuilder()
                .withNamespace(id.namespace())
                .withName(id.name())
                .withUid(id.uid())
                .withResourceVersion(String.valueOf(version))
                .build());
        body.setStatus(status);
        return body;
    }
}
