package io.kaitoflow.activities.rollout.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import java.util.Optional;

/**
 * What was served last and answered, by digest, written on the workspace's Service, which outlives servers. A new server that does
 * not come up is replaced by it.
 */
record LastReady(ClusterObjects objects) {

    private static final String ANNOTATION = "kaito.sh/last-ready";
    private static final String FIELD_MANAGER = "kaitoflow-last-ready";

    void remember(RollInput input) {
        Service mark = new ServiceBuilder(service(input.id()))
                .editMetadata()
                .addToAnnotations(ANNOTATION, ServerManifest.write(input))
                .endMetadata()
                .build();
        objects.applyAs(FIELD_MANAGER, mark);
    }

    /** What answered last. */
    Optional<RollInput> of(WorkspaceId id) {
        return objects.read(service(id))
                .filter(found -> PodLabels.owns(id, found))
                .map(found -> found.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(ANNOTATION))
                .flatMap(LastReady::parse);
    }

    /** What answered before, to run where it stands, else on the machines that are leased now; empty when it is what was asked for now. */
    Optional<RollInput> before(RollInput now) {
        return of(now.id())
                .map(before -> before.on(now.standing().orElse(now.lease())))
                .filter(before -> !before.equals(now));
    }

    private static Service service(WorkspaceId id) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(id.name())
                .withNamespace(id.namespace())
                .endMetadata()
                .build();
    }

    /** Somebody may have changed it into something else. */
    private static Optional<RollInput> parse(String text) {
        try {
            return Optional.of(ServerManifest.read(text, RollInput.class));
        } catch (JsonProcessingException changed) {
            return Optional.empty();
        }
    }
}
