package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.ServingRuntime;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;

/** A server's Deployment and Service, whoever wrote its pod. */
final class ServerManifests {

    static final int START_LIMIT_SECONDS = 1200;

    private final String installation;
    private final ServerManifest ours;
    private final VllmManifest vllm;
    private final TemplateManifest owners;
    private final ServiceManifest services;

    ServerManifests(ClusterSettings settings) {
        this.installation = settings.installation();
        this.ours = new ServerManifest(settings);
        this.vllm = new VllmManifest(settings);
        this.owners = new TemplateManifest(installation);
        this.services = new ServiceManifest(installation);
    }

    Deployment deployment(RollInput input) {
        return deployment(
                input.id(),
                input.template()
                        .map(template -> owners.pod(input.id(), LeasedNode.of(input.lease()), template))
                        .orElseGet(() -> byRuntime(input)));
    }

    private PodTemplateSpec byRuntime(RollInput input) {
        return switch (input.terms().runtime().orElse(ServingRuntime.JVM)) {
            case JVM -> ours.pod(input);
            case VLLM -> vllm.pod(input);
        };
    }

    /** Of a pod that its owner wrote. */
    Deployment deployment(WorkspaceId id, LeasedNode node, String template) {
        return deployment(id, owners.pod(id, node, template));
    }

    /** @throws RolloutException.Unsupported where no installation's setting names an image of vLLM */
    void requireVllm() {
        vllm.image();
    }

    Service service(RollInput input) {
        int port = input.template().map(TemplateManifest::port).orElse(ServiceManifest.SERVER_PORT);
        return services.service(input.id(), port, input.terms().loadBalancer());
    }

    private Deployment deployment(WorkspaceId id, PodTemplateSpec pod) {
        return new DeploymentBuilder()
                .withMetadata(PodLabels.ofServer(id, installation))
                .withNewSpec()
                .withReplicas(1)
                .withRevisionHistoryLimit(2)
                .withProgressDeadlineSeconds(START_LIMIT_SECONDS)
                // The machine has its devices once: the old pod makes room for the new one.
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(PodLabels.selector(id, Role.SERVER))
                .endSelector()
                .withTemplate(pod)
                .endSpec()
                .build();
    }
}
