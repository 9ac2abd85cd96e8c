package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.cluster.volumes.DataVolume;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.workspace.TaskQueues;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tuner's pod. A bare one that is never restarted in place: whether, from which checkpoint and with which batch to try again is
 * the workflow's to decide, and a Job would decide it a second time.
 */
final class TunerManifest {

    private static final int HEALTH_PORT = 8080;

    /** A training that is told to stop writes a checkpoint first. */
    private static final long GRACE_SECONDS = 30;

    private final ClusterSettings settings;
    private final RuntimePod runtime;

    TunerManifest(ClusterSettings settings) {
        this.settings = settings;
        this.runtime = new RuntimePod(settings);
    }

    /** One name an attempt, so that a retry finds its own and a later attempt never takes over a lost one. */
    static String name(TunerInput input) {
        return input.id().name() + "-tuner-" + input.attempt();
    }

    Pod pod(TunerInput input) {
        MountedSecrets secrets = input.job()
                .map(MountedSecrets::of)
                .orElseGet(MountedSecrets::none)
                .with(settings.images().pullSecrets());
        PodSpecBuilder spec = runtime.spec(input.lease(), secrets)
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(GRACE_SECONDS);
        ContainerBuilder container = runtime.container(Role.TUNER, input.lease(), secrets, environment(input))
                .withResources(RuntimePod.resources(input.lease().option(), input.memory()))
                .addNewPort()
                .withName("health")
                .withContainerPort(HEALTH_PORT)
                .endPort()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/health/ready")
                .withNewPort(HEALTH_PORT)
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(2)
                .endReadinessProbe();
        input.job().ifPresent(job -> mount(job, spec, container));
        return new PodBuilder()
                .withNewMetadata()
                .withName(name(input))
                .withNamespace(input.id().namespace())
                .withLabels(labels(input))
                // Neither Karpenter nor the cluster's autoscaler may move it: what it does may take days.
                .addToAnnotations("karpenter.sh/do-not-disrupt", "true")
                .addToAnnotations("cluster-autoscaler.kubernetes.io/safe-to-evict", "false")
                .withOwnerReferences(PodLabels.owner(input.id()))
                .endMetadata()
                .withSpec(spec.withContainers(container.build()).build())
                .build();
    }

    private Map<String, String> labels(TunerInput input) {
        return new TreeMap<>(PodLabels.of(input.id(), Role.TUNER, settings.installation()));
    }

    private Map<String, String> environment(TunerInput input) {
        return Map.of(
                "KAITOFLOW_TEMPORAL_ADDRESS", settings.pods().temporal(),
                "KAITOFLOW_TEMPORAL_NAMESPACE", settings.pods().temporalNamespace(),
                "KAITOFLOW_TASK_QUEUE", TaskQueues.tuner(input.id()),
                "KAITOFLOW_HEALTH_PORT", String.valueOf(HEALTH_PORT));
    }

    private void mount(TuningJob job, PodSpecBuilder spec, ContainerBuilder container) {
        boolean hostPaths = settings.pods().hostPaths();
        if (job.input() instanceof DatasetSource.Volume(VolumeReference data)) {
            DataVolume.DATA.addTo(spec, container, data, hostPaths);
        }
        if (job.output() instanceof OutputTarget.Volume(VolumeReference results)) {
            DataVolume.RESULTS.addTo(spec, container, results, hostPaths);
        }
    }
}
