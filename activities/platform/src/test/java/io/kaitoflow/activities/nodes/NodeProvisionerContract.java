package io.kaitoflow.activities.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.NodeTerms;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every provider of machines promises. */
public abstract class NodeProvisionerContract {

    /** The provider under test, the same state at every call within a test. */
    protected abstract NodeProvisioner provisioner();

    @Test
    void aRepeatedClaimIsTheSameLease() {
        NodeLease first = provisioner().claim(request("a"));
        assertThat(provisioner().claim(request("a")).name()).isEqualTo(first.name());
    }

    @Test
    void aClaimCanBeObserved() {
        NodeLease claimed = provisioner().claim(request("a"));
        assertThat(provisioner().observe(request("a")).name()).isEqualTo(claimed.name());
    }

    @Test
    void aReleasedClaimHasVanished() {
        provisioner().claim(request("a"));
        assertThat(provisioner().release(request("a"))).isTrue();
        assertThatThrownBy(() -> provisioner().observe(request("a"))).isInstanceOf(NodeException.Vanished.class);
    }

    @Test
    void releasingTwiceOrNothingIsFine() {
        assertThat(provisioner().release(request("a"))).isTrue();
        provisioner().claim(request("a"));
        assertThat(provisioner().release(request("a"))).isTrue();
        assertThat(provisioner().release(request("a"))).isTrue();
    }

    @Test
    void anotherNumberIsAnotherClaim() {
        provisioner().claim(request("a", 1));
        provisioner().claim(request("a", 2));
        provisioner().release(request("a", 1));
        assertThatThrownBy(() -> provisioner().observe(request("a", 1))).isInstanceOf(NodeException.Vanished.class);
        assertThat(provisioner().observe(request("a", 2)).name())
                .isNotEqualTo(provisioner().claim(request("a", 1)).name());
    }

    @Test
    protected void whoForgotWhatItHoldsIsTold() {
        provisioner().claim(request("a", 1));
        provisioner().claim(request("a", 3));
        assertThat(provisioner().held(request("a").id()))
                .extracting(NodeRequest::number)
                .containsExactlyInAnyOrder(1, 3);
        assertThat(provisioner().held(request("b").id())).isEmpty();
        provisioner().release(request("a", 1));
        assertThat(provisioner().held(request("a").id()))
                .extracting(NodeRequest::number)
                .containsExactly(3);
    }

    protected static NodeRequest request(String uid) {
        return request(uid, 1);
    }

    protected static NodeRequest request(String uid, int number) {
        MachineOption option = new MachineOption("local", 0, ByteSize.ofGibibytes(8), Optional.empty(), false);
        MachineRequest machines = new MachineRequest(List.of(), 1, Map.of("app", "test"), List.of(), false);
        return new NodeRequest(new WorkspaceId("default", "workspace-" + uid, uid), option, machines, number);
    }

    protected static NodeRequest with(NodeTerms terms, NodeRequest request) {
        MachineRequest plain = request.machines();
        MachineRequest machines = new MachineRequest(
                plain.instanceTypes(), plain.count(), plain.labels(), plain.preferredNodes(), plain.spot(), terms);
        return new NodeRequest(request.id(), request.option(), machines, request.number());
    }
}
