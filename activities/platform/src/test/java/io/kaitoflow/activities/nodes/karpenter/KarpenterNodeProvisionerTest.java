package io.kaitoflow.activities.nodes.karpenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.NodeProvisionerContract;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.NodeTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class KarpenterNodeProvisionerTest extends NodeProvisionerContract {

    private static final KarpenterSettings SETTINGS = new KarpenterSettings(
            new NodeClaimSpec.NodeClassRef("karpenter.azure.com", "AKSNodeClass", "default"),
            "test",
            ByteSize.ofGibibytes(200),
            Duration.ofMinutes(2));

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NodeClaims claims;

    private final List<String> observed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watch() {
        claims = new NodeClaims(client, "test", (id, lease) -> observed.add(id.name() + " " + lease));
    }

    @AfterEach
    void close() {
        claims.close();
    }

    @Override
    protected NodeProvisioner provisioner() {
        return new KarpenterNodeProvisioner(client, SETTINGS, claims);
    }

    /** What a claim said or asked for must have passed the watch; a real provider needs longer anyway. */
    @Override
    @Test
    protected void whoForgotWhatItHoldsIsTold() {
        provisioner().claim(gpu(1));
        provisioner().claim(gpu(3));

        await().untilAsserted(
                        () -> assertThat(provisioner().held(gpu(1).id())).containsExactlyInAnyOrder(gpu(1), gpu(3)));
    }

    @Test
    void asksForExactlyThePlannedMachine() {
        NodeLease lease = provisioner().claim(gpu(1));

        NodeClaim claim = read(lease.name());
        NodeClaimSpec spec = Objects.requireNonNull(claim.getSpec());
        assertThat(lease.name()).matches("ws[0-9a-f]{9}");
        assertThat(claim.getMetadata().getLabels())
                .containsEntry("kaito.sh/workspace", "workspace-a")
                .containsEntry("kaito.sh/workspacenamespace", "default")
                .containsEntry("kaito.sh/workspace-uid", "a")
                .containsEntry("karpenter.sh/nodepool", "kaito")
                .containsEntry("app", "test");
        assertThat(claim.getMetadata().getAnnotations()).containsEntry("karpenter.sh/do-not-disrupt", "true");
        assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(spec.expireAfter()).isEqualTo("Never");
        assertThat(spec.terminationGracePeriod()).isEqualTo("120s");
        assertThat(spec.requirements())
                .extracting(requirement -> requirement.key() + "=" + requirement.values())
                .containsExactlyInAnyOrder(
                        "karpenter.sh/nodepool=[kaito]",
                        "node.kubernetes.io/instance-type=[Standard_NC24ads_A100_v4]",
                        "kubernetes.io/os=[linux]",
                        "karpenter.sh/capacity-type=[on-demand]",
                        "karpenter.azure.com/sku-name=[Standard_NC24ads_A100_v4]");
        assertThat(spec.taints()).containsExactly(new NodeClaimSpec.Taint("sku", "gpu", "NoSchedule"));
    }

    @Test
    void nodesAreMadeAsTheAnnotationsSay() {
        NodeRequest asked = with(new NodeTerms(Optional.of("other-class"), Optional.of("azurelinux")), gpu(1));

        NodeClaim claim = read(provisioner().claim(asked).name());

        assertThat(claim.getMetadata().getAnnotations()).containsEntry("kaito.sh/node-image-family", "azurelinux");
        assertThat(claim.getSpec())
                .extracting(NodeClaimSpec::nodeClassRef)
                .extracting(NodeClaimSpec.NodeClassRef::name)
                .isEqualTo("other-class");
        await().untilAsserted(() -> assertThat(provisioner().held(asked.id())).containsExactly(asked));
    }

    @Test
    void aMachineIsReadyWhenClaimNodeAndDevicesAre() {
        NodeLease lease = provisioner().claim(gpu(1));
        node("node-1", "1");
        assertThat(provisioner().observe(gpu(1)).ready()).isFalse();

        answer(lease.name(), "node-1", condition("Ready", "True", "Ready", ""));

        assertThat(provisioner().observe(gpu(1)).nodes()).containsExactly("node-1");
        await().untilAsserted(() -> assertThat(observed).contains("workspace-a " + lease.name()));
    }

    @Test
    void aNodeWithoutItsDevicesIsNotReady() {
        NodeLease lease = provisioner().claim(gpu(1));
        node("node-1", "0");
        answer(lease.name(), "node-1", condition("Ready", "True", "Ready", ""));

        assertThat(provisioner().observe(gpu(1)).ready()).isFalse();
    }

    @Test
    void aClaimThatVanishedIsARefusalWithItsLastWordsAsEvidence() {
        NodeLease lease = provisioner().claim(gpu(1));
        answer(lease.name(), "", condition("Launched", "False", "InsufficientCapacity", "no A100 in eastus-1"));
        await().until(() ->
                claims.seen(lease.name()).flatMap(NodeClaims.Seen::complaint).isPresent());
        client.resources(NodeClaim.class).withName(lease.name()).delete();

        assertThatThrownBy(() -> provisioner().observe(gpu(1)))
                .isInstanceOf(NodeException.Occupied.class)
                .hasMessageContaining("no A100 in eastus-1");
        await().untilAsserted(() -> assertThat(observed).contains("workspace-a " + lease.name()));
    }

    @Test
    void aClaimOfSomebodyElseIsNeitherTakenNorDeleted() {
        String name = provisioner().claim(gpu(1)).name();
        edit(name, claim -> {
            claim.getMetadata().setLabels(Map.of("kaito.sh/workspace-uid", "stranger"));
            return claim;
        });

        assertThatThrownBy(() -> provisioner().claim(gpu(1))).isInstanceOf(NodeException.Refused.class);
        assertThat(provisioner().release(gpu(1))).isTrue();
        assertThat(read(name)).isNotNull();
    }

    @Test
    void aClaimThatIsStillGoingIsNotGivenBackYet() {
        String name = provisioner().claim(gpu(1)).name();
        edit(name, claim -> {
            claim.getMetadata().setFinalizers(List.of("karpenter.sh/termination"));
            return claim;
        });

        assertThat(provisioner().release(gpu(1))).isFalse();
        assertThatThrownBy(() -> provisioner().claim(gpu(1)))
                .isInstanceOf(NodeException.Unanswered.class)
                .hasMessageContaining("still being deleted");
        edit(name, claim -> {
            claim.getMetadata().setFinalizers(List.of());
            return claim;
        });
        assertThat(provisioner().release(gpu(1))).isTrue();
        assertThat(provisioner().claim(gpu(1)).name()).isEqualTo(name);
    }

    private static NodeRequest gpu(int number) {
        NodeRequest plain = request("a", number);
        MachineOption option =
                new MachineOption("Standard_NC24ads_A100_v4", 1, ByteSize.ofGibibytes(80), Optional.empty(), false);
        return new NodeRequest(plain.id(), option, plain.machines(), number);
    }

    private NodeClaim read(String name) {
        return Objects.requireNonNull(
                client.resources(NodeClaim.class).withName(name).get());
    }

    private void edit(String name, UnaryOperator<NodeClaim> change) {
        client.resources(NodeClaim.class).withName(name).edit(change);
    }

    private void answer(String name, String node, Condition condition) {
        NodeClaim claim = read(name);
        claim.setStatus(new NodeClaimStatus(node, List.of(condition)));
        client.resource(claim).updateStatus();
    }

    private static Condition condition(String type, String status, String reason, String message) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .build();
    }

    private void node(String name, String devices) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("node.kubernetes.io/instance-type", "Standard_NC24ads_A100_v4")
                        .endMetadata()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .addToCapacity("nvidia.com/gpu", new Quantity(devices))
                        .endStatus()
                        .build())
                .create();
    }
}
