package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.ServingRuntime;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;

/** A server's Deployment and Service, whoever wrote its pod. */
final class ServerManifests {

    static final int START_LIMIT_SECONDS = 1200;

    /** When the old pod goes: a machine has its devices once, so there it makes room for the new one. */
    private static final DeploymentStrategy BEFORE_THE_NEXT =
            new DeploymentStrategyBuilder().withType("Recreate").build();

    /** It answers from its own machine until the new one does. */
    private static final DeploymentStrategy AFTER_THE_NEXT = new DeploymentStrategyBuilder()
            .withType("RollingUpdate")
            .withNewRollingUpdate()
            .withNewMaxSurge(1)
            .withNewMaxUnavailable(0)
            .endRollingUpdate()
            .build();

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
                        .orElseGet(() -> byRuntime(input)),
                input.standing().isPresent() ? AFTER_THE_NEXT : BEFORE_THE_NEXT);
    }

    private PodTemplateSpec byRuntime(RollInput input) {
        return switch (input.terms().runtime().orElse(ServingRuntime.JVM)) {
            case JVM -> ours.pod(input);
            case VLLM -> vllm.pod(input);
        };
    }

    /** Of a pod that its owner wrote. */
    Deployment deployment(WorkspaceId id, LeasedNode node, String template) {
        return deployment(id, owners.pod(id, node, template), BEFORE_THE_NEXT);
    }

    /** @throws RolloutException.Unsupported where no installation's setting names an image of vLLM */
    void requireVllm() {
        vllm.image();
    }

    Service service(RollInput input) {
        return service(input, input.terms().loadBalancer());
    }

    /** @param open whether it is reached from outside */
    Service service(RollInput input, boolean open) {
        int port = input.template().map(TemplateManifest::port).orElse(ServiceManifest.SERVER_PORT);
        return services.service(input.id(), port, open);
    }

    private Deployment deployment(WorkspaceId id, PodTemplateSpec pod, DeploymentStrategy strategy) {
        return new DeploymentBuilder()
                .withMetadata(PodLabels.ofServer(id, installation))
                .withNewSpec()
                .withReplicas(1)
                .withRevisionHistoryLimit(2)
                .withProgressDeadlineSeconds(START_LIMIT_SECONDS)
                .withStrategy(strategy)
                .withNewSelector()
                .withMatchLabels(PodLabels.selector(id, Role.SERVER))
                .endSelector()
                .withTemplate(pod)
                .endSpec()
                .build();
    }
}
