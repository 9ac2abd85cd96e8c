package io.kaitoflow.activities.nodes.byo;

import static io.kaitoflow.activities.nodes.byo.OwnNodes.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.NodeProvisionerContract;
import io.kaitoflow.activities.nodes.quota.CappedProvisioner;
import io.kaitoflow.activities.nodes.quota.Caps;
import io.kaitoflow.activities.nodes.quota.NamespaceQueues;
import io.kaitoflow.activities.nodes.quota.QueueSettings;
import io.kaitoflow.activities.nodes.readiness.NodeWatch;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeLease;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the user's own nodes promise, whatever the API server. */
abstract class OwnNodeContract extends NodeProvisionerContract {

    /** An administrator's client, the same server at every call within a test. */
    protected abstract KubernetesClient client();

    protected abstract OwnNodeSettings settings();

    /** How many interleavings are tried. */
    protected abstract int seeds();

    private OwnNodeProvisioner own() {
        return new OwnNodeProvisioner(client(), settings(), GpuCatalogue.load());
    }

    private OwnNodes nodes() {
        return new OwnNodes(client());
    }

    @Override
    protected NodeProvisioner provisioner() {
        return own();
    }

    @BeforeEach
    void fourNodes() {
        nodes().only("n1", "n2", "n3", "n4");
    }

    @Test
    void aFullSetIsReservedForTheWorkspaceAndHasNoEnd() {
        NodeLease lease = own().claim(wanted("a", 2));

        assertThat(lease.ready()).isTrue();
        assertThat(lease.nodes()).containsExactly("n1", "n2");
        assertThat(reservations()).hasSize(2).allSatisfy(held -> {
            assertThat(held.getSpec().getHolderIdentity()).isEqualTo("a");
            assertThat(held.getSpec().getLeaseDurationSeconds()).isNull();
        });
    }

    @Test
    void preferredNodesAreTakenFirst() {
        assertThat(own().claim(wanted("a", 2, "n4", "n3")).nodes()).containsExactly("n3", "n4");
    }

    @Test
    void whereThereIsNoFullSetNothingIsTakenAndTheReasonNamesWhoHasTheNodes() {
        own().claim(wanted("a", 3));

        NodeLease lease = own().claim(wanted("b", 2));

        assertThat(lease.ready()).isFalse();
        assertThat(lease.waitingFor())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains(
                                "Fewer than 2 of the nodes with app=test",
                                "n1 is reserved by workspace default/workspace-a"));
        assertThat(reservations()).hasSize(3);
    }

    @Test
    void whoWaitsHasTheNodesAsSoonAsTheyAreGivenBack() {
        own().claim(wanted("a", 3));
        own().claim(wanted("b", 2));

        own().release(wanted("a", 3));

        assertThat(own().observe(wanted("b", 2)).nodes()).containsExactly("n1", "n2");
    }

    @Test
    void aWaitSaysWhatIsWrongWithTheNodes() {
        nodes().only();
        assertThat(reason()).contains("No node has the labels app=test", "kubectl label node NAME app=test");

        nodes().add("n1", "0");
        assertThat(reason()).contains("n1 has 0 nvidia.com/gpu of 1", "device plugin");

        nodes().say("n1", "False", "1");
        assertThat(reason()).contains("n1 is not Ready or is cordoned");
    }

    @Test
    void aDeviceThatIsTooSmallIsNotTaken() {
        assertThat(own().claim(wanted("a", 1, ByteSize.ofGibibytes(40))).waitingFor())
                .hasValueSatisfying(reason -> assertThat(reason).contains("on NVIDIA-A10 and the job needs", "40 GiB"));
    }

    @Test
    void halfASetThatACallLeftWhenItDiedIsGivenBackFirst() {
        own().claim(wanted("a", 3));
        Lease lost = reservations().getFirst();
        client().resource(lost).delete();
        nodes().say("n4", "False", "1");
        nodes().say("n1", "False", "1");

        NodeLease lease = own().observe(wanted("a", 3));

        assertThat(lease.ready()).isFalse();
        assertThat(reservations()).isEmpty();
    }

    @Test
    void aNodeThatWentIsNoLongerReady() {
        own().claim(wanted("a", 1));
        nodes().say("n1", "Unknown", "1");

        assertThat(own().observe(wanted("a", 1)).ready()).isFalse();
        assertThat(reservations()).hasSize(1);
    }

    @Test
    void someoneElsesReleaseTakesNothing() {
        own().claim(wanted("a", 2));

        assertThat(own().release(wanted("b", 2))).isTrue();

        assertThat(reservations()).hasSize(2);
    }

    @Test
    void aReservationThatLostItsRecordIsStillFoundAndGivenBack() {
        own().claim(wanted("a", 1));
        client().leases()
                .inNamespace(settings().namespace())
                .withLabel(ReservationLabels.ROLE, ReservationLabels.CLAIM)
                .delete();

        assertThat(own().all()).containsExactly(wanted("a", 1));
        assertThatThrownBy(() -> own().observe(wanted("a", 1))).isInstanceOf(NodeException.Vanished.class);
        assertThat(own().release(wanted("a", 1))).isTrue();
        assertThat(reservations()).isEmpty();
    }

    @Test
    void whoWaitsIsToldWhenANodeIsGivenBackOrBecomesUsable() {
        List<String> told = new CopyOnWriteArrayList<>();
        own().claim(wanted("a", 4));
        own().claim(wanted("b", 1));
        try (ReservationWatch watch = new ReservationWatch(client(), settings(), (id, name) -> told.add(id.uid()))) {
            await().untilAsserted(() -> assertThat(watch.owners()).hasSize(2));

            own().release(wanted("a", 4));

            await().untilAsserted(() -> assertThat(told).contains("b"));
        }
    }

    @Test
    void whoHasANodeIsToldWhenItDoesNotAnswerAnyMore() {
        List<String> told = new CopyOnWriteArrayList<>();
        own().claim(wanted("a", 1));
        own().claim(wanted("b", 1));
        try (ReservationWatch watch = new ReservationWatch(client(), settings(), (id, name) -> told.add(id.uid()));
                NodeWatch seen = new NodeWatch(client(), watch::changed)) {
            await().untilAsserted(() -> assertThat(told).contains("a", "b"));
            told.clear();

            nodes().say("n2", "Unknown", "1");

            await().untilAsserted(() -> assertThat(told).containsOnly("b"));
            assertThat(seen.answers("n1")).isTrue();
            assertThat(seen.answers("n2")).isFalse();
            assertThat(seen.answers("n5")).isFalse();
        }
    }

    @Test
    void aNodeThatIsCordonedUnderItsHolderIsKeptAndNobodyElseTakesIt() {
        own().claim(wanted("a", 3));
        List.of("n1", "n4")
                .forEach(name -> client().nodes().withName(name).edit(node -> {
                    node.getSpec().setUnschedulable(true);
                    return node;
                }));

        assertThat(own().observe(wanted("a", 3)).ready()).isTrue();
        assertThat(own().claim(wanted("b", 1)).waitingFor()).isPresent();
    }

    @Test
    void inEveryInterleavingOfTwoWorkspacesOverFourNodesOneFinishesAndNoneHasHalfASet() {
        LongStream.rangeClosed(1, seeds()).forEach(seed -> {
            Interleaving run = Interleaving.of(seed, client(), settings());
            run.bothClaim();
            assertThat(run.finished()).as("seed %s: who has a full set", seed).isNotEmpty();
            assertThat(run.halfSets()).as("seed %s: who has half a set", seed).isEmpty();
            run.end();
            assertThat(reservations()).as("seed %s: what is left", seed).isEmpty();
        });
    }

    @Test
    void aNodeIsTakenWholeAndAllItsGpusAreLeased() {
        nodesOfOneFourAndEight();

        NodeLease lease = own().claim(wanted("a", 1, "n8"));

        assertThat(lease.nodes()).containsExactly("n8");
        assertThat(lease.option().gpus()).isEqualTo(8);
        assertThat(lease.option().gpuMemory()).isEqualTo(ByteSize.ofMebibytes(8 * 23028));
        assertThat(lease.option().speed()).isPresent();
        assertThat(lease.counted())
                .hasValueSatisfying(said -> assertThat(said).contains("n8 has 8 x NVIDIA-A10", "counted as 8 GPUs"));
        assertThat(own().observe(wanted("a", 1, "n8"))).isEqualTo(lease);
        assertThat(own().held(wanted("a", 1, "n8").id())).containsExactly(wanted("a", 1, "n8"));
    }

    @Test
    void smallJobsLeaveLargeNodesToLargeOnes() {
        nodesOfOneFourAndEight();

        assertThat(own().claim(wanted("a", 1)).nodes()).containsExactly("n1");
        assertThat(own().claim(wanted("b", 1)).nodes()).containsExactly("n4");
        assertThat(own().claim(wanted("c", 1)).option().gpus()).isEqualTo(8);
    }

    @Test
    void theNodesOfASetHaveAsManyGpusAndTheReasonSaysWhoHasNot() {
        nodesOfOneFourAndEight();
        assertThat(own().claim(wanted("a", 2)).waitingFor())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("n1 has 1 GPU, and the nodes of a set must have as many", "n8 has 8 GPUs"));

        nodes().add("n4b", "4");

        assertThat(own().observe(wanted("a", 2)).nodes()).containsExactly("n4", "n4b");
        assertThat(own().observe(wanted("a", 2)).option().gpus()).isEqualTo(4);
    }

    @Test
    void aNodeThatLostADeviceIsNoLongerWhatWasTaken() {
        nodesOfOneFourAndEight();
        own().claim(wanted("a", 1, "n8"));

        nodes().say("n8", "True", "7");
        assertThat(own().observe(wanted("a", 1, "n8")).ready()).isFalse();

        nodes().say("n8", "True", "8");
        assertThat(own().observe(wanted("a", 1, "n8")).ready()).isTrue();
    }

    @Test
    void aPlanForeseesWhatAClaimWouldBeGiven() {
        nodesOfOneFourAndEight();
        own().claim(wanted("a", 1));
        try (ReservationWatch watch = new ReservationWatch(client(), settings(), (id, name) -> {});
                NodeWatch seen = new NodeWatch(client(), node -> {})) {
            var foreseen = watch.prospect(seen, GpuCatalogue.load());

            await().untilAsserted(() -> assertThat(foreseen.look(wanted("b", 1)).notes())
                    .anyMatch(note -> note.contains("n4 has 4 x NVIDIA-A10, 22.5 GiB each; counted as 4 GPUs."))
                    .anyMatch(note -> note.contains("n1 is reserved by workspace default/workspace-a")));
            assertThat(own().claim(wanted("b", 1)).option().gpus()).isEqualTo(4);
        }
    }

    @Test
    void ownNodesOfACappedNamespaceAreCountedWhole() {
        nodesOfOneFourAndEight();
        try (NamespaceQueues queues = queues()) {
            NodeProvisioner capped = new CappedProvisioner(own(), queues, Clock.systemUTC());
            assertThat(capped.claim(wanted("a", 1, "n8")).option().gpus()).isEqualTo(8);

            assertThat(capped.claim(wanted("b", 1, "n4")).waitingFor())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("uses 8 of 8 GPUs", "workspace-a"));
            assertThat(reservations()).hasSize(1);

            capped.release(wanted("a", 1, "n8"));
            assertThat(capped.claim(wanted("b", 1, "n4")).option().gpus()).isEqualTo(4);
            assertThat(capped.all()).containsExactly(wanted("b", 1, "n4"));
        }
    }

    @Test
    void whoWaitsForAnyNodeIsCountedAnewBeforeItTakesALargeOne() {
        nodes().only("n1");
        try (NamespaceQueues queues = queues()) {
            NodeProvisioner capped = new CappedProvisioner(own(), queues, Clock.systemUTC());
            capped.claim(wanted("a", 1));
            assertThat(capped.claim(wanted("b", 1)).queued()).isFalse();

            nodes().add("n8", "8");

            assertThat(capped.observe(wanted("b", 1)).queued()).isTrue();
            capped.release(wanted("a", 1));
            nodes().say("n1", "False", "1");
            assertThat(capped.claim(wanted("b", 1)).option().gpus()).isEqualTo(8);
        }
    }

    private NamespaceQueues queues() {
        Caps caps = Caps.parse("{\"default\": {\"gpus\": 8}}");
        QueueSettings settings =
                new QueueSettings(settings().namespace(), settings().installation(), caps);
        return new NamespaceQueues(client(), settings, (id, queue) -> {}, Duration.ofHours(1), Clock.systemUTC());
    }

    private void nodesOfOneFourAndEight() {
        nodes().only("n1");
        nodes().add("n4", "4");
        nodes().add("n8", "8");
    }

    private String reason() {
        return own().claim(wanted("a", 1)).waitingFor().orElseThrow();
    }

    private List<Lease> reservations() {
        return client().leases()
                .inNamespace(settings().namespace())
                .withLabel(ReservationLabels.ROLE, ReservationLabels.NODE)
                .list()
                .getItems();
    }
}
