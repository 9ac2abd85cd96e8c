package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.activities.rollout.cluster.volumes.AdapterVolumes;
import io.kaitoflow.activities.rollout.cluster.volumes.DataVolume;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pod that looks at training data, or at adapters in volumes, where they lie, before a machine is bought: wherever the scheduler
 * finds room, with volumes and secrets as tuner or server will have them. What it saw is its termination message.
 */
final class InspectorManifest {

    /** What is to be looked at, as {@link DatasetActivities.Input} or {@link AdapterTask} in JSON. */
    static final String TASK = "kaito.sh/inspects";

    /** Longer looks are not worth waiting for; the kubelet ends the pod even when nobody of ours is there. */
    static final Duration LONGEST = Duration.ofMinutes(12);

    private static final String VOLUME = "task";
    private static final String FOLDER = "/run/kaitoflow/task";
    private static final String ANSWER = "/dev/termination-log";
    private static final int DIGITS = 12;

    private final ClusterSettings settings;
    private final RuntimePod runtime;

    InspectorManifest(ClusterSettings settings) {
        this.settings = settings;
        this.runtime = new RuntimePod(settings);
    }

    /** One name for the same data read in the same way, so that a retry finds its own and nothing is looked at twice. */
    static String name(DatasetActivities.Input task) {
        TuningJob job = task.job();
        String subject = ServerManifest.write(
                List.of(task.preset(), job.model(), job.input(), job.recipe().data(), job.output()));
        return name(task.id(), subject);
    }

    private static String name(WorkspaceId id, String subject) {
        return id.name() + "-inspect-" + Digest.ofText(subject).hex().substring(0, DIGITS);
    }

    Pod pod(DatasetActivities.Input task) {
        MountedSecrets secrets =
                MountedSecrets.of(task.job()).with(settings.images().pullSecrets());
        PodSpecBuilder spec = spec(secrets);
        ContainerBuilder container = container(secrets, "KAITOFLOW_TASK");
        if (task.job().input() instanceof DatasetSource.Volume(VolumeReference data)) {
            DataVolume.DATA.addTo(spec, container, data, settings.pods().hostPaths());
            refuseFolders("tuning.input.volumeSource", data, "Try the rows with kaitoflow check.");
        }
        Pod pod = pod(task.id(), name(task), ServerManifest.write(task), spec.withContainers(container.build()));
        return settings.pods()
                .push()
                .filter(_ -> PushAccount.opens(task.job().output()))
                .map(account -> account.lentTo(pod))
                .orElse(pod);
    }

    Pod pod(AdapterTask task) {
        MountedSecrets secrets = MountedSecrets.none().with(settings.images().pullSecrets());
        AdapterVolumes volumes = volumes(task);
        PodSpecBuilder spec = volumes.addTo(spec(secrets), settings.pods().hostPaths());
        ContainerBuilder container = volumes.mountOn(container(secrets, "KAITOFLOW_ADAPTER_TASK"));
        volumes.volumes()
                .forEach(volume -> refuseFolders(
                        "inference.adapters", volume, "Set kaito.sh/allow-uninspected: \"true\", or name a claim."));
        String written = ServerManifest.write(task);
        return pod(task.id(), name(task.id(), written), written, spec.withContainers(container.build()));
    }

    static AdapterVolumes volumes(AdapterTask task) {
        return AdapterVolumes.of(task.adapters().stream().flatMap(adapter -> adapter.volume().stream()));
    }

    private PodSpecBuilder spec(MountedSecrets secrets) {
        return runtime.spec(secrets)
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds(LONGEST.toSeconds())
                // There is nothing to be saved.
                .withTerminationGracePeriodSeconds(1L)
                .addNewVolume()
                .withName(VOLUME)
                .withNewDownwardAPI()
                .addNewItem()
                .withPath("task.json")
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + TASK + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .endVolume();
    }

    private Pod pod(WorkspaceId id, String name, String task, PodSpecBuilder spec) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(id.namespace())
                .withLabels(PodLabels.of(id, Role.INSPECTOR, settings.installation()))
                .addToAnnotations(TASK, task)
                .withOwnerReferences(PodLabels.owner(id))
                .endMetadata()
                .withSpec(spec.build())
                .build();
    }

    /** On any other machine the folder is another one, or empty. */
    private static void refuseFolders(String field, VolumeReference volume, String cure) {
        if (volume instanceof VolumeReference.HostPath(String folder)) {
            throw new RolloutException.NotInspected(field + ".hostPath: the folder " + folder
                    + " can be looked at on its machine alone, which is not chosen yet. " + cure);
        }
    }

    /** @param task name of the variable that names the task's file, and so says what sort of task it is */
    private ContainerBuilder container(MountedSecrets secrets, String task) {
        Map<String, String> environment = new TreeMap<>(settings.pods().ofData());
        environment.put(task, FOLDER + "/task.json");
        environment.put("KAITOFLOW_ANSWER", ANSWER);
        return runtime.container(Role.INSPECTOR, settings.images().anywhere(), secrets, environment)
                .addNewVolumeMount()
                .withName(VOLUME)
                .withMountPath(FOLDER)
                .withReadOnly(true)
                .endVolumeMount()
                .withNewResources()
                .addToRequests("cpu", new Quantity("250m"))
                .addToRequests("memory", new Quantity("768Mi"))
                // It shares its machine with others, and its rows are anybody's.
                .addToLimits("memory", new Quantity("2Gi"))
                .endResources();
    }
}
