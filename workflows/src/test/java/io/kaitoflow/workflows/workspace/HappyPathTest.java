package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import org.junit.jupiter.api.Test;

class HappyPathTest extends WorkspaceTest {

    @Test
    void tunesThenServesInOrder() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));

        WorkspaceSnapshot serving = awaitPhase(Phase.Serving.class);

        assertThat(world.calls())
                .containsExactly(
                        "plan",
                        "inspect",
                        "claim sku-a",
                        "startTuner",
                        "fetch",
                        "tune /1",
                        "evaluate",
                        "push v1",
                        "stopTuner",
                        "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
        assertThat(serving.endpoint()).get().extracting("model").isEqualTo("geo");
        assertThat(serving.nodes()).containsExactly("node-1");
        assertThat(serving.output()).isPresent();
    }

    @Test
    void tuningAloneGivesTheMachineBack() throws InterruptedException {
        begin(Samples.desired(1, Samples.tune("v1")));

        WorkspaceSnapshot completed = awaitPhase(Phase.Completed.class);

        assertThat(world.taken()).isEmpty();
        assertThat(completed.adapter()).isPresent();
        assertThat(completed.endpoint()).isEmpty();
    }

    @Test
    void servesAnAdapterPinnedByDigest() throws InterruptedException {
        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));

        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).containsExactly("plan", "inspect", "claim sku-a", "roll");
    }

    @Test
    void servesAnAdapterOfAVolumeAndRollsAnotherVolumeOutAnew() throws InterruptedException {
        begin(Samples.desired(1, Samples.serveFromVolume(new VolumeReference.Claim("adapters"))));
        awaitPhase(Phase.Serving.class);

        workflow.desire(Samples.desired(2, Samples.serveFromVolume(new VolumeReference.Claim("others"))));

        awaitPhase(Phase.RollingOut.class);
        awaitPhase(Phase.Serving.class);
        assertThat(world.calls())
                .containsExactly("plan", "inspect", "claim sku-a", "roll", "plan", "inspect beside a server", "roll");
    }

    @Test
    void servesOnAMachineOfItsOwnWhenTheTuningMachineIsToGoBack() throws InterruptedException {
        begin(Samples.desired(1, Samples.with(Samples.tuneThenServe("v1"), Samples.releaseAfterTuning())));

        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).endsWith("push v1", "stopTuner", "release 1", "claim sku-a", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }
}
