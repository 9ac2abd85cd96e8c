package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.cluster.access.AccessFolder;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.activities.rollout.cluster.access.TunerWalls;
import io.kaitoflow.activities.rollout.cluster.volumes.DataVolume;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkedVolume;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.workspace.TaskQueues;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
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
    static String name(WorkspaceId id, int attempt) {
        return id.name() + "-tuner-" + attempt;
    }

    Pod pod(TunerInput input) {
        MountedSecrets secrets = secrets(input.job());
        PodSpecBuilder spec = runtime.spec(input.lease(), secrets);
        ContainerBuilder container = runtime.container(Role.TUNER, input.lease(), secrets, environment(input.id()))
                .withResources(RuntimePod.resources(input.lease().option(), input.memory()));
        input.job().ifPresent(job -> {
            mountData(job, spec, container);
            mountResults(job, spec, container);
        });
        Pod pod = pod(input.id(), input.attempt(), spec, container);
        return input.job().map(job -> lent(pod, job)).orElse(pod);
    }

    /** One that only pushes what is kept, wherever there is room. */
    Pod pusher(PusherInput input) {
        MountedSecrets secrets = secrets(Optional.of(input.job()));
        Map<String, String> environment = environment(input.id());
        environment.put("KAITOFLOW_DEVICE", "cpu");
        PodSpecBuilder spec = runtime.spec(secrets);
        ContainerBuilder container = runtime.container(
                        Role.TUNER, settings.images().anywhere(), secrets, environment)
                .withNewResources()
                .addToRequests("cpu", new Quantity("250m"))
                .addToRequests("memory", new Quantity("768Mi"))
                .endResources();
        mountResults(input.job(), spec, container);
        new ParkedVolume(KeeperManifest.claimName(input.id())).addTo(spec, container, true);
        return lent(pod(input.id(), input.attempt(), spec, container), input.job());
    }

    private Pod lent(Pod pod, TuningJob job) {
        return settings.pods()
                .push()
                .filter(_ -> PushAccount.opens(job.output()))
                .map(account -> account.lentTo(pod))
                .orElse(pod);
    }

    private Pod pod(WorkspaceId id, int attempt, PodSpecBuilder spec, ContainerBuilder container) {
        container
                .addNewPort()
                .withName("health")
                .withContainerPort(HEALTH_PORT)
                .endPort()
                .withReadinessProbe(RuntimePod.readiness(HEALTH_PORT));
        if (settings.pods().guarded()) {
            new AccessFolder(accessName(id)).addTo(spec, container);
        }
        return new PodBuilder()
                .withNewMetadata()
                .withName(name(id, attempt))
                .withNamespace(id.namespace())
                .withLabels(labels(id))
                // Neither Karpenter nor the cluster's autoscaler may move it: what it does may take days.
                .addToAnnotations("karpenter.sh/do-not-disrupt", "true")
                .addToAnnotations("cluster-autoscaler.kubernetes.io/safe-to-evict", "false")
                .withOwnerReferences(PodLabels.owner(id))
                .endMetadata()
                .withSpec(spec.withRestartPolicy("Never")
                        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                        .withContainers(container.build())
                        .build())
                .build();
    }

    private MountedSecrets secrets(Optional<TuningJob> job) {
        return job.map(MountedSecrets::of)
                .orElseGet(MountedSecrets::none)
                .with(settings.images().pullSecrets());
    }

    /** What lets it in where it polls; one for all attempts, and the newest token in it. */
    Secret access(WorkspaceId id, Map<String, String> files) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(accessName(id))
                .withNamespace(id.namespace())
                .withLabels(labels(id))
                .withOwnerReferences(PodLabels.owner(id))
                .endMetadata()
                .withType("Opaque")
                .withData(encoded(files))
                .build();
    }

    /** Keeps it from what it has no business with. */
    NetworkPolicy network(WorkspaceId id, TunerWalls walls) {
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(accessName(id))
                .withNamespace(id.namespace())
                .withLabels(labels(id))
                .withOwnerReferences(PodLabels.owner(id))
                .build();
        return walls.policy(metadata, PodLabels.selector(id, Role.TUNER));
    }

    private static Map<String, String> encoded(Map<String, String> files) {
        Map<String, String> data = new TreeMap<>();
        files.forEach((name, text) ->
                data.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        return data;
    }

    /** A namesake that is gone may have left one, which goes by itself. */
    private static String accessName(WorkspaceId id) {
        return id.name() + "-tuner-access-" + PodLabels.shortUid(id);
    }

    private Map<String, String> labels(WorkspaceId id) {
        return new TreeMap<>(PodLabels.of(id, Role.TUNER, settings.installation()));
    }

    private Map<String, String> environment(WorkspaceId id) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "KAITOFLOW_TEMPORAL_ADDRESS", settings.pods().temporal(),
                "KAITOFLOW_TEMPORAL_NAMESPACE", settings.pods().temporalNamespace(),
                "KAITOFLOW_TASK_QUEUE", TaskQueues.tuner(id),
                "KAITOFLOW_HEALTH_PORT", String.valueOf(HEALTH_PORT)));
        environment.putAll(settings.pods().ofData());
        if (settings.pods().guarded()) {
            environment.put("KAITOFLOW_TEMPORAL_ACCESS", AccessFolder.PATH);
        }
        return environment;
    }

    private void mountData(TuningJob job, PodSpecBuilder spec, ContainerBuilder container) {
        if (job.input() instanceof DatasetSource.Volume(VolumeReference data)) {
            DataVolume.DATA.addTo(spec, container, data, settings.pods().hostPaths());
        }
    }

    private void mountResults(TuningJob job, PodSpecBuilder spec, ContainerBuilder container) {
        if (job.output() instanceof OutputTarget.Volume(VolumeReference results)) {
            DataVolume.RESULTS.addTo(spec, container, results, settings.pods().hostPaths());
        }
    }
}
