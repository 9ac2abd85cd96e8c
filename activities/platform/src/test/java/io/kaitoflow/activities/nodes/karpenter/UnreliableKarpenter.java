package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.Mortality;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.UnreliableApi;
import io.kaitoflow.activities.nodes.UnreliableProvider;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A Karpenter that takes charge of claims, finds no machine for some, loses some that it had, and takes its time to let them go. */
public final class UnreliableKarpenter implements UnreliableProvider {

    private static final String IN_CHARGE = "karpenter.sh/termination";
    private static final String KIND = "Standard_NC24ads_A100_v4";

    private final KubernetesClient truth;
    private final UnreliableApi api;
    private final KarpenterSettings settings;
    private Optional<Way> now = Optional.empty();
    private final List<Way> ofLateCalls = new ArrayList<>();

    /** How a process reaches the API server. */
    private record Way(KubernetesClient client, NodeClaims watch) {

        void close() {
            watch.close();
            client.close();
        }
    }

    /**
     * @param truth goes to the API server itself
     * @param installation that nobody else has
     */
    public UnreliableKarpenter(KubernetesClient truth, String installation) {
        this.truth = truth;
        this.api = new UnreliableApi(truth);
        this.settings = new KarpenterSettings(
                new NodeClaimSpec.NodeClassRef("karpenter.azure.com", "AKSNodeClass", "default"),
                installation,
                ByteSize.ofGibibytes(200),
                Duration.ofMinutes(2));
    }

    /** Its watch has read everything by then, over a way of its own. */
    @Override
    public NodeProvisioner process(Mortality mortality) {
        KubernetesClient fresh = api.client(mortality);
        NodeClaims claims = new NodeClaims(truth, settings.installation(), (id, name) -> {});
        Way way = new Way(fresh, claims);
        if (mortality.late()) {
            ofLateCalls.add(way);
        } else {
            now.ifPresent(Way::close);
            now = Optional.of(way);
        }
        return new KarpenterNodeProvisioner(fresh, settings, claims);
    }

    @Override
    public void misbehave(Random random) {
        api.next(UnreliableApi.Mishap.values()[random.nextInt(UnreliableApi.Mishap.values().length)]);
    }

    @Override
    public void goOn(Random random) {
        for (NodeClaim claim : claims()) {
            if (claim.isMarkedForDeletion()) {
                finalizers(claim, random.nextBoolean() ? List.of() : List.of(IN_CHARGE));
            } else {
                goOn(claim, random.nextInt(8));
            }
        }
    }

    private void goOn(NodeClaim claim, int what) {
        switch (what) {
            case 0 -> noCapacity(claim);
            case 1 ->
                truth.resources(NodeClaim.class)
                        .withName(claim.getMetadata().getName())
                        .delete();
            case 2, 3 -> joins(claim);
            default -> finalizers(claim, List.of(IN_CHARGE));
        }
    }

    /** The node of a machine that goes afterwards stays for a while: whoever believes it must not believe the claim. */
    private void joins(NodeClaim claim) {
        String node = "node-" + claim.getMetadata().getName();
        if (truth.nodes().withName(node).get() == null) {
            truth.resource(node(node)).create();
            truth.resource(node(node)).updateStatus();
        }
        claim.setStatus(new NodeClaimStatus(
                node,
                List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("Ready")
                        .withMessage("")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .build())));
        truth.resource(claim).updateStatus();
    }

    private static Node node(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("node.kubernetes.io/instance-type", KIND)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addToCapacity("nvidia.com/gpu", new Quantity("1"))
                .endStatus()
                .build();
    }

    /** As Karpenter does: it says why, and deletes the claim itself. */
    private void noCapacity(NodeClaim claim) {
        claim.setStatus(new NodeClaimStatus(
                "",
                List.of(new ConditionBuilder()
                        .withType("Launched")
                        .withStatus("False")
                        .withReason("InsufficientCapacity")
                        .withMessage("None left.")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .build())));
        truth.resource(claim).updateStatus();
        finalizers(claim, List.of());
        truth.resources(NodeClaim.class).withName(claim.getMetadata().getName()).delete();
    }

    private void finalizers(NodeClaim claim, List<String> finalizers) {
        truth.resources(NodeClaim.class).withName(claim.getMetadata().getName()).edit(found -> {
            found.getMetadata().setFinalizers(finalizers);
            return found;
        });
    }

    @Override
    public void heal() {
        api.next(UnreliableApi.Mishap.NONE);
        claims().forEach(claim -> finalizers(claim, List.of()));
    }

    @Override
    public Set<Integer> claims(WorkspaceId id) {
        return claims().stream()
                .filter(claim -> !claim.isMarkedForDeletion())
                .filter(claim -> ClaimLabels.owns(id, claim.getMetadata().getLabels()))
                .flatMap(claim -> ClaimManifest.request(claim).stream())
                .map(NodeRequest::number)
                .collect(Collectors.toSet());
    }

    private List<NodeClaim> claims() {
        return truth.resources(NodeClaim.class)
                .withLabel(ClaimLabels.INSTALLATION, settings.installation())
                .list()
                .getItems();
    }

    @Override
    public NodeRequest request(WorkspaceId id, int number) {
        return new NodeRequest(
                id,
                new MachineOption(KIND, 1, ByteSize.ofGibibytes(80), Optional.empty(), false),
                new MachineRequest(List.of(), 1, Map.of("app", "test"), List.of(), false),
                number);
    }

    @Override
    public void close() {
        now.ifPresent(Way::close);
        ofLateCalls.forEach(Way::close);
    }
}
