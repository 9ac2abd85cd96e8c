package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkedVolume;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkingSpace;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.Map;

/**
 * The claim that keeps a result which could not be pushed, and the pod that takes it there from the tuner: wherever the scheduler finds
 * room, without secrets, for a few minutes.
 */
final class KeeperManifest {

    /** The kubelet ends the pod even when nobody of ours is there. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private static final int DIGITS = 12;

    private final ClusterSettings settings;
    private final RuntimePod runtime;

    KeeperManifest(ClusterSettings settings) {
        this.settings = settings;
        this.runtime = new RuntimePod(settings);
    }

    /** A namesake that is gone may have left one, which goes by itself. */
    static String claimName(WorkspaceId id) {
        return id.name() + "-parked-" + PodLabels.shortUid(id);
    }

    /** One name for the same result, so that a retry finds its own. */
    static String name(WorkspaceId id, Digest weights) {
        return id.name() + "-keeper-" + weights.hex().substring(0, DIGITS);
    }

    PersistentVolumeClaim claim(WorkspaceId id) {
        ParkingSpace space = settings.pods().parking();
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(claimName(id))
                .withNamespace(id.namespace())
                .withLabels(PodLabels.of(id, Role.KEEPER, settings.installation()))
                .withOwnerReferences(PodLabels.owner(id))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(space.storageClass().orElse(null))
                .withNewResources()
                .addToRequests("storage", space.quantity())
                .endResources()
                .endSpec()
                .build();
    }

    Pod pod(ParkingActivities.Input input) {
        WorkspaceId id = input.id();
        Digest weights = input.adapter().digest();
        MountedSecrets none = MountedSecrets.none();
        PodSpecBuilder spec = runtime.spec(none)
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds(LONGEST.toSeconds())
                // What it took is on the disk by then.
                .withTerminationGracePeriodSeconds(1L);
        ContainerBuilder container = container(none, weights);
        new ParkedVolume(claimName(id)).addTo(spec, container, false);
        return new PodBuilder()
                .withNewMetadata()
                .withName(name(id, weights))
                .withNamespace(id.namespace())
                .withLabels(PodLabels.of(id, Role.KEEPER, settings.installation()))
                .withOwnerReferences(PodLabels.owner(id))
                .endMetadata()
                .withSpec(spec.withContainers(container.build()).build())
                .build();
    }

    private ContainerBuilder container(MountedSecrets secrets, Digest weights) {
        return runtime.container(
                        Role.KEEPER,
                        settings.images().anywhere(),
                        secrets,
                        Map.of(
                                "KAITOFLOW_PARKED", ParkedVolume.FOLDER,
                                "KAITOFLOW_PARKING_PORT", String.valueOf(ServiceManifest.SERVER_PORT),
                                "KAITOFLOW_PARKS", weights.toString()))
                .addNewPort()
                .withName("parking")
                .withContainerPort(ServiceManifest.SERVER_PORT)
                .endPort()
                .withReadinessProbe(RuntimePod.readiness(ServiceManifest.SERVER_PORT))
                .withNewResources()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("256Mi"))
                .addToLimits("memory", new Quantity("512Mi"))
                .endResources();
    }
}
