package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * A pod that its owner wrote: as given, but on the leased machine and with the labels by which it is found. Nothing
 * is added to its containers.
 *
 * @param installation told apart from others in the same cluster
 */
record TemplateManifest(String installation) {

    private static final String HTTP = "http";

    PodTemplateSpec pod(WorkspaceId id, LeasedNode node, String template) {
        PodTemplateSpec own = read(template);
        return new PodTemplateSpecBuilder(own)
                .editOrNewMetadata()
                .addToLabels(PodLabels.of(id, Role.SERVER, installation))
                .addToLabels(PodLabels.ROLLOUT, AdapterStanding.revisionOf(node.name() + template))
                .addToAnnotations("karpenter.sh/do-not-disrupt", "true")
                .endMetadata()
                .editOrNewSpec()
                .withAffinity(node.affinity(Optional.ofNullable(own.getSpec()).map(spec -> spec.getAffinity())))
                .addAllToTolerations(LeasedNode.TOLERATIONS)
                .endSpec()
                .build();
    }

    /** Where requests go: the port that a container calls {@code http}, else the one of our own servers. */
    static int port(String template) {
        return Optional.ofNullable(read(template).getSpec())
                .map(spec -> spec.getContainers())
                .orElse(List.of())
                .stream()
                .map(Container::getPorts)
                .flatMap(List::stream)
                .filter(port -> HTTP.equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(ServiceManifest.SERVER_PORT);
    }

    private static PodTemplateSpec read(String template) {
        try {
            return Serialization.unmarshal(template, PodTemplateSpec.class);
        } catch (KubernetesClientException e) {
            throw new RolloutException.Refused("inference.template is no pod template: " + e.getMessage());
        }
    }
}
