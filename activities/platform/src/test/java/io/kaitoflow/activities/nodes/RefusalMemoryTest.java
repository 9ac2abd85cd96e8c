package io.kaitoflow.activities.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RefusalMemoryTest {

    private static final MachineOption A100 =
            new MachineOption("a100", 1, ByteSize.ofGibibytes(80), Optional.empty(), false);

    private final List<NodeRequest> asked = new ArrayList<>();
    private final List<NodeRequest> made = new ArrayList<>();
    private @Nullable NodeException answer;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RefusalMemory memory = new RefusalMemory(new Provider(), new MovedClock(() -> now));

    @Test
    void theNextWorkspaceDoesNotAskInVain() {
        refuse(new NodeException.QuotaExceeded("No quota in eastus."), "a");

        now = now.plusSeconds(30);
        assertThatThrownBy(() -> memory.claim(request("b", A100)))
                .isInstanceOf(NodeException.QuotaExceeded.class)
                .hasMessageContaining("workspace default/a was answered: No quota in eastus.")
                .hasMessageContaining("again after 2026-01-01T00:10:00Z");
        assertThat(asked).hasSize(1);
    }

    @Test
    void anotherKindZoneOrCapacityTypeIsAskedFor() {
        refuse(new NodeException.Occupied("None left."), "a");

        memory.claim(request("b", A100.in("2")));
        memory.claim(request("b", new MachineOption("a100", 1, A100.gpuMemory(), Optional.empty(), true)));
        memory.claim(request("b", new MachineOption("h100", 1, A100.gpuMemory(), Optional.empty(), false)));

        assertThat(made).hasSize(3);
    }

    @Test
    void whoWasRefusedItselfMayAskAgain() {
        refuse(new NodeException.QuotaExceeded("No quota."), "a");

        memory.claim(request("a", A100));

        assertThat(made).hasSize(1);
    }

    @Test
    void capacityIsForgottenAfterAWhileAndQuotaLater() {
        refuse(new NodeException.Occupied("None left."), "a");

        now = now.plus(Duration.ofMinutes(3));

        memory.claim(request("b", A100));
        assertThat(made).hasSize(1);
    }

    @Test
    void whatIsHeldAlreadyIsFoundWhateverOthersWereTold() {
        memory.claim(request("b", A100));
        refuse(new NodeException.Occupied("None left."), "a");

        assertThat(memory.claim(request("b", A100)).ready()).isTrue();
    }

    @Test
    void aMachineThatCameForgetsTheRefusal() {
        refuse(new NodeException.QuotaExceeded("No quota."), "a");
        memory.claim(request("a", A100));

        memory.claim(request("b", A100));

        assertThat(made).hasSize(2);
    }

    @Test
    void whatIsWrongWithOneClaimIsNothingToOthers() {
        refuse(new NodeException.Vanished("It is gone."), "a");

        memory.claim(request("b", A100));

        assertThat(made).hasSize(1);
    }

    private void refuse(NodeException with, String uid) {
        answer = with;
        assertThatThrownBy(() -> memory.claim(request(uid, A100))).isSameAs(with);
        answer = null;
    }

    private static NodeRequest request(String uid, MachineOption option) {
        return new NodeRequest(
                new WorkspaceId("default", uid, uid),
                option,
                new MachineRequest(List.of(), 1, Map.of(), List.of(), false),
                1);
    }

    private final class Provider implements NodeProvisioner {

        @Override
        public NodeLease claim(NodeRequest request) {
            asked.add(request);
            if (answer != null) {
                throw answer;
            }
            made.add(request);
            return new NodeLease("claim", request.option(), List.of("node"), true);
        }

        @Override
        public NodeLease observe(NodeRequest request) {
            return new NodeLease("claim", request.option(), List.of("node"), true);
        }

        @Override
        public List<NodeRequest> held(WorkspaceId id) {
            return made.stream().filter(request -> request.id().equals(id)).toList();
        }

        @Override
        public List<NodeRequest> all() {
            return List.copyOf(made);
        }

        @Override
        public boolean release(NodeRequest request) {
            return made.remove(request);
        }
    }
}
