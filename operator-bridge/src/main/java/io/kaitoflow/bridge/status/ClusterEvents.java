package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events in the workspace's namespace, which {@code kubectl describe} lists. */
public final class ClusterEvents implements Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterEvents.class);

    /** The API server takes no longer ones. */
    private static final int LONGEST = 1024;

    private final KubernetesClient client;
    private final Clock clock;

    public ClusterEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public void announce(WorkspaceId id, Announcement announcement) {
        try {
            client.resource(event(id, announcement)).create();
        } catch (KubernetesClientException e) {
            // A namespace that is being deleted takes none; nobody would read it either.
            LOG.atDebug().addKeyValue("workflowId", id.workflowId()).setCause(e).log("An event was not told");
        }
    }

    private Event event(WorkspaceId id, Announcement announcement) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(id.namespace())
                .withGenerateName(id.name() + ".")
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(Workspace.V1BETA1)
                .withKind("Workspace")
                .withNamespace(id.namespace())
                .withName(id.name())
                .withUid(id.uid())
                .endInvolvedObject()
                .withNewSource()
                .withComponent("kaitoflow")
                .endSource()
                .withType(announcement.warning() ? "Warning" : "Normal")
                .withReason(announcement.reason())
                .withMessage(shortened(announcement.message()))
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…";
    }
}
