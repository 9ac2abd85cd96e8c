package io.kaitoflow.activities.rollout.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.kaitoflow.activities.rollout.Parking;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.trouble.PodTrouble;
import io.kaitoflow.activities.rollout.cluster.trouble.PodWait;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkedVolume;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Results that could not be pushed, each in a claim of its workspace's namespace that is made when it is needed. Nothing is kept in
 * this process: a claim and a pod that another replica made are used.
 */
public final class ParkingPods implements Parking {

    /** A machine is paid for meanwhile. */
    private static final Duration LONGEST = Duration.ofMinutes(8);

    private static final String CURE =
            "kaito.sh/retry, or an edit of tuning.output or of its secret, pushes it from there without tuning again";

    private static final String RECEIPT = "kaito.sh/parked";

    private final ClusterObjects objects;
    private final KeeperManifest manifest;
    private final Patience patience;
    private final Sweep sweep;

    /** @param client stays the caller's */
    public ParkingPods(KubernetesClient client, ClusterSettings settings) {
        this.objects = new ClusterObjects(client);
        this.manifest = new KeeperManifest(settings);
        this.patience = settings.patience().within(LONGEST);
        this.sweep = new Sweep(patience);
    }

    @Override
    public Berth prepare(ParkingActivities.Input input, Consumer<String> waiting) {
        refuseFolders(input.target());
        Pod wanted = manifest.pod(input);
        clearEarlier(input.id(), wanted);
        Visit visit = new Visit(input.id(), wanted);
        new PodWait("The pod that takes the result", patience, waiting).until(visit::look);
        return new Berth(
                ClusterObjects.title(manifest.claim(input.id())),
                ParkedVolume.path(input.adapter().digest()),
                CURE,
                visit.address);
    }

    @Override
    public void remember(Receipt receipt) {
        objects.merge(
                manifest.claim(receipt.id()),
                ServerManifest.write(
                        Map.of("metadata", Map.of("annotations", Map.of(RECEIPT, ServerManifest.write(receipt))))));
    }

    @Override
    public Optional<Receipt> find(WorkspaceId id) {
        return standing(id)
                .map(claim -> claim.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(RECEIPT))
                .flatMap(ParkingPods::parsed);
    }

    @Override
    public boolean stands(Receipt left) {
        return standing(left.id()).isPresent();
    }

    private Optional<PersistentVolumeClaim> standing(WorkspaceId id) {
        return objects.read(manifest.claim(id))
                .filter(claim -> PodLabels.owns(id, claim) && !claim.isMarkedForDeletion());
    }

    /** Somebody may have changed it into something else. */
    private static Optional<Receipt> parsed(String written) {
        try {
            return Optional.of(ServerManifest.read(written, Receipt.class));
        } catch (JsonProcessingException changed) {
            return Optional.empty();
        }
    }

    @Override
    public void close(WorkspaceId id) {
        sweep.of("the pod that took the result", () -> keepers(id), objects::delete);
    }

    @Override
    public void discard(WorkspaceId id) {
        close(id);
        sweep.of("the claim that kept the result", () -> claims(id), objects::delete);
    }

    /** Whoever pushed it later would write to another node's. */
    private static void refuseFolders(OutputTarget target) {
        if (target instanceof OutputTarget.Volume(VolumeReference.HostPath(String folder))) {
            throw new RolloutException.Unsupported(
                    "What is to go to the folder " + folder + " of a node can be put there by its own machine alone.");
        }
    }

    /** Another result's, and this one's where it ended. */
    private void clearEarlier(WorkspaceId id, Pod wanted) {
        sweep.of(
                "what took an earlier result",
                () -> objects.pods(id, Role.KEEPER).stream()
                        .filter(pod -> !isSame(pod, wanted) || ClusterObjects.hasEnded(pod))
                        .map(HasMetadata.class::cast)
                        .toList(),
                objects::delete);
    }

    private List<HasMetadata> keepers(WorkspaceId id) {
        return objects.pods(id, Role.KEEPER).stream()
                .map(HasMetadata.class::cast)
                .toList();
    }

    private List<HasMetadata> claims(WorkspaceId id) {
        return objects.read(manifest.claim(id)).stream()
                .filter(claim -> PodLabels.owns(id, claim))
                .map(HasMetadata.class::cast)
                .toList();
    }

    private static boolean isSame(Pod one, Pod other) {
        return one.getMetadata().getName().equals(other.getMetadata().getName());
    }

    /** One wait, from making the claim to the address of the pod that takes the result. */
    private final class Visit {

        private final WorkspaceId id;
        private final Pod wanted;
        private Optional<String> address = Optional.empty();

        Visit(WorkspaceId id, Pod wanted) {
            this.id = id;
            this.wanted = wanted;
        }

        PodWait.Look look() {
            return claimStands()
                    ? objects.standing(id, wanted, Role.KEEPER).map(this::look).orElseGet(PodWait.Look::notYet)
                    : PodWait.Look.notYet();
        }

        /** One that is going is waited for: its pod could not be placed. */
        private boolean claimStands() {
            PersistentVolumeClaim claim = manifest.claim(id);
            Optional<PersistentVolumeClaim> found = objects.read(claim);
            if (found.isEmpty()) {
                objects.applyOwn(id, claim);
            }
            found.filter(other -> !PodLabels.owns(id, other)).ifPresent(other -> {
                throw new RolloutException.Refused(
                        ClusterObjects.title(other) + " is somebody else's; delete or rename it.");
            });
            return found.filter(mine -> !mine.isMarkedForDeletion()).isPresent();
        }

        private PodWait.Look look(Pod pod) {
            Optional<PodTrouble> trouble = PodTrouble.of(pod);
            if (ClusterObjects.hasEnded(pod)) {
                throw new RolloutException.NotStarted("The pod that takes the result ended. "
                        + trouble.map(PodTrouble::evidence).orElse(ClusterObjects.title(pod) + " ended by itself."));
            }
            address = Readiness.isPodReady(pod) ? PodQuestion.address(pod) : Optional.empty();
            return new PodWait.Look(address.isPresent(), trouble);
        }
    }
}
