package io.kaitoflow.activities.nodes.karpenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Node;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.NodeProvisionerContract;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.PretendedCloud;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Karpenter itself makes of our claims. */
class RealKarpenterIT extends NodeProvisionerContract {

    private static final String KIND = "Standard_NC24ads_A100_v4";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ApiServer server;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PretendedCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NodeClaims claims;

    private final Set<String> news = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void startCloud() {
        server = ApiServer.start();
        cloud = PretendedCloud.start(server, Map.of("local", 0, KIND, 1));
    }

    @AfterAll
    static void stopCloud() {
        cloud.close();
        server.close();
    }

    @BeforeEach
    void watch() {
        claims = new NodeClaims(server.client(), "test", (id, lease) -> news.add(lease));
    }

    @AfterEach
    void giveEverythingBack() {
        provisioner().all().forEach(provisioner()::release);
        claims.close();
        assertThat(server.client().resources(NodeClaim.class).list().getItems()).isEmpty();
    }

    @Override
    protected NodeProvisioner provisioner() {
        return provisioner(PretendedCloud.CLASS_NAME);
    }

    private NodeProvisioner provisioner(String nodeClass) {
        KarpenterSettings settings = new KarpenterSettings(
                new NodeClaimSpec.NodeClassRef(PretendedCloud.CLASS_GROUP, PretendedCloud.CLASS_KIND, nodeClass),
                "test",
                ByteSize.ofGibibytes(200),
                Duration.ofMinutes(2));
        return new Patient(new KarpenterNodeProvisioner(server.client(), settings, claims));
    }

    /** What a claim said or asked for must have passed the watch. */
    @Override
    @Test
    protected void whoForgotWhatItHoldsIsTold() {
        provisioner().claim(gpu("a", 1));
        provisioner().claim(gpu("a", 3));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(provisioner().held(gpu("a", 1).id()))
                        .containsExactlyInAnyOrder(gpu("a", 1), gpu("a", 3)));
    }

    @Test
    void aClaimBecomesANodeWithItsDevices() {
        NodeLease lease = provisioner().claim(gpu("a", 1));

        NodeLease ready = awaitReady(provisioner(), gpu("a", 1));

        Node node = server.client().nodes().withName(ready.nodes().getFirst()).get();
        assertThat(node.getMetadata().getLabels())
                .containsEntry("node.kubernetes.io/instance-type", KIND)
                .containsEntry("karpenter.sh/capacity-type", "on-demand")
                .containsEntry("kaito.sh/workspace", "workspace-a")
                .containsEntry("app", "test");
        assertThat(node.getSpec().getTaints())
                .extracting(taint -> taint.getKey() + "=" + taint.getValue() + ":" + taint.getEffect())
                .contains("sku=gpu:NoSchedule");
        assertThat(news).contains(lease.name());
    }

    @Test
    void spotIsAskedForWhenItIsWanted() {
        NodeRequest spot = gpu("a", 1, true);
        provisioner().claim(spot);

        NodeLease ready = awaitReady(provisioner(), spot);

        Node node = server.client().nodes().withName(ready.nodes().getFirst()).get();
        assertThat(node.getMetadata().getLabels()).containsEntry("karpenter.sh/capacity-type", "spot");
    }

    @Test
    void aCloudWithoutCapacityIsARefusalInKarpentersWords() {
        NodeProvisioner elsewhere = provisioner("absent");
        elsewhere.claim(gpu("a", 1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> elsewhere.observe(gpu("a", 1)))
                        .isInstanceOf(NodeException.Occupied.class)
                        .hasMessageContaining("InsufficientCapacity")
                        .hasMessageContaining("absent"));
    }

    @Test
    void aNodeThatIsTakenAwayIsSeen() {
        provisioner().claim(gpu("a", 1));
        NodeLease ready = awaitReady(provisioner(), gpu("a", 1));
        server.client().nodes().withName(ready.nodes().getFirst()).delete();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> provisioner().observe(gpu("a", 1)))
                        .isInstanceOf(NodeException.Vanished.class));
    }

    private static NodeLease awaitReady(NodeProvisioner provisioner, NodeRequest request) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(provisioner.observe(request).ready())
                        .as(cloud::lastWords)
                        .isTrue());
        return provisioner.observe(request);
    }

    private static NodeRequest gpu(String uid, int number) {
        return gpu(uid, number, false);
    }

    private static NodeRequest gpu(String uid, int number, boolean spot) {
        MachineOption option = new MachineOption(KIND, 1, ByteSize.ofGibibytes(80), Optional.empty(), spot);
        MachineRequest machines = new MachineRequest(List.of(), 1, Map.of("app", "test"), List.of(), false);
        return new NodeRequest(new WorkspaceId("default", "workspace-" + uid, uid), option, machines, number);
    }

    /** Asks for a release as a workflow does, until everything is gone. */
    private record Patient(NodeProvisioner provider) implements NodeProvisioner {

        @Override
        public NodeLease claim(NodeRequest request) {
            return provider.claim(request);
        }

        @Override
        public NodeLease observe(NodeRequest request) {
            return provider.observe(request);
        }

        @Override
        public List<NodeRequest> held(WorkspaceId id) {
            return provider.held(id);
        }

        @Override
        public List<NodeRequest> all() {
            return provider.all();
        }

        @Override
        public boolean release(NodeRequest request) {
            await().atMost(PATIENCE).until(() -> provider.release(request));
            return true;
        }

        @Override
        public String left(NodeRequest request) {
            return provider.left(request);
        }
    }
}
