package io.kaitoflow.activities.rollout.cluster.access;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service account by which pods push where no secret is named. It is each namespace's own, so that nobody is lent another's rights; Azure's
 * workload identity webhook gives its pods a token for Azure alone, and the cluster's own token stays out of them.
 *
 * @param name in each workspace's namespace
 */
public record PushAccount(String name) {

    /** Tells the control plane, and a pod that was lent it, which it is. */
    public static final String VARIABLE = "KAITOFLOW_PUSH_ACCOUNT";

    private static final Map<String, String> LABELS = Map.of("azure.workload.identity/use", "true");
    private static final String LEFT_OUT = "azure.workload.identity/skip-containers";

    public PushAccount {
        if (!name.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
            throw new IllegalArgumentException("\"" + name + "\" must be the name of a service account.");
        }
    }

    /** Whether a result is pushed by it. */
    public static boolean opens(OutputTarget target) {
        return target instanceof OutputTarget.Image image
                && image.pushSecret().isEmpty()
                && ImageReference.isAzure(image.image().registry());
    }

    /** Whether this is the workspace's own result, by the workspace's name, that was pushed by it. */
    public static boolean opens(WorkspaceId id, ServedAdapter adapter) {
        return adapter.name().equals(id.name())
                && adapter.pullSecrets().isEmpty()
                && adapter.image()
                        .filter(image -> ImageReference.isAzure(image.registry()))
                        .isPresent();
    }

    /** The pod with it. */
    public Pod lentTo(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(LABELS)
                .endMetadata()
                .withSpec(lentTo(pod.getSpec(), names(pod.getSpec()).collect(Collectors.toSet())))
                .build();
    }

    /** @param containers that fetch; the others, whom anybody may ask, are given no token */
    public PodTemplateSpec lentTo(PodTemplateSpec template, Set<String> containers) {
        String others = names(template.getSpec())
                .filter(container -> !containers.contains(container))
                .collect(Collectors.joining(";"));
        return new PodTemplateSpecBuilder(template)
                .editMetadata()
                .addToLabels(LABELS)
                .addToAnnotations(LEFT_OUT, others)
                .endMetadata()
                .withSpec(lentTo(template.getSpec(), containers))
                .build();
    }

    private PodSpec lentTo(PodSpec spec, Set<String> containers) {
        return new PodSpecBuilder(spec)
                .withServiceAccountName(name)
                .withInitContainers(lentTo(spec.getInitContainers(), containers))
                .withContainers(lentTo(spec.getContainers(), containers))
                .build();
    }

    private List<Container> lentTo(List<Container> all, Set<String> containers) {
        return all.stream()
                .map(container -> containers.contains(container.getName()) ? told(container) : container)
                .toList();
    }

    private Container told(Container container) {
        return new ContainerBuilder(container)
                .addNewEnv()
                .withName(VARIABLE)
                .withValue(name)
                .endEnv()
                .build();
    }

    private static Stream<String> names(PodSpec spec) {
        return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                .map(Container::getName);
    }
}
