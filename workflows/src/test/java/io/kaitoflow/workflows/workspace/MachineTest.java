package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.status.Phase;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which machine a run takes, keeps and waits for. */
class MachineTest extends WorkspaceTest {

    private static final String VANISHED = "NodeClaim ws1 is gone although nobody of ours deleted it.";

    @Test
    void aWaitForNodesThatAreTakenHasNoEndAndSaysWhatItIsFor() throws InterruptedException {
        world.nothingFreeFor(30);

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitSnapshot(told -> told.phase() instanceof Phase.Provisioning(String _, String reason)
                && reason.equals("All nodes are taken."));
        environment.sleep(Duration.ofHours(12));

        assertThat(awaitPhase(Phase.Completed.class).attempts()).isEmpty();
        assertThat(world.calls()).filteredOn("observe"::equals).hasSizeBetween(30, 60);
    }

    @Test
    void whoeverOpensARunReadsWhatItWaitsForAndWhatComesNext() throws InterruptedException {
        world.nothingFreeFor(30);

        begin(Samples.desired(1, Samples.tune("v1")));
        awaitSnapshot(told -> told.phase() instanceof Phase.Provisioning(String _, String reason)
                && reason.equals("All nodes are taken."));

        assertThat(client().newUntypedWorkflowStub(Samples.ID.workflowId())
                        .query("__temporal_workflow_metadata", WorkflowMetadata.class)
                        .getCurrentDetails())
                .startsWith("**Provisioning**: waits for sku-a. All nodes are taken.")
                .endsWith("Next: tuner or server start there.");
    }

    @Test
    void aSpotMachineGoesBackWhenNobodyWantsSpotAnyMore() throws InterruptedException {
        begin(Samples.desired(1, Samples.spot(Samples.tuneThenServe("v1"), true)));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();

        workflow.desire(Samples.desired(2, Samples.spot(Samples.tuneThenServe("v1"), false)));
        awaitSnapshot(told ->
                told.phase() instanceof Phase.Serving && told.fingerprint().equals("f2"));

        assertThat(world.calls()).containsSubsequence("release 1", "claim sku-a", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    void aClaimThatStillWaitsIsExchangedWhenSomebodyAsksForSpot() throws InterruptedException {
        world.readyAfterLooks(2);
        begin(Samples.desired(1, Samples.spot(Samples.tuneThenServe("v1"), false)));
        awaitPhase(Phase.Provisioning.class);

        workflow.desire(Samples.desired(2, Samples.spot(Samples.tuneThenServe("v1"), true)));
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).contains("release 1");
        assertThat(world.taken()).contains("machine 2").doesNotContain("machine 1");
    }

    @Test
    void aKindThatIsNotLeasedHereIsPassedOverLikeOneThatIsMissing() throws InterruptedException {
        world.refuse("claim", FailureKind.SKU_UNAVAILABLE, "Not in this region.");

        begin(Samples.desired(1, Samples.spot(Samples.tuneThenServe("v1"), true)));

        assertThat(awaitPhase(Phase.Serving.class).attempts())
                .extracting("instanceType", "answer")
                .containsExactly(tuple("sku-a (spot)", "Not in this region."));
    }

    @Test
    @Recorded
    void aClaimThatVanishesBeforeItsMachineIsReadyIsMadeAgain() throws InterruptedException {
        world.readyAfterLooks(2);
        vanishing(2);

        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));

        assertThat(awaitPhase(Phase.Serving.class).attempts())
                .extracting("instanceType", "answer")
                .containsExactly(tuple("sku-a", VANISHED), tuple("sku-a", VANISHED));
        assertThat(world.calls())
                .containsSubsequence("claim sku-a", "release 1", "claim sku-a", "release 2", "claim sku-a", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 3", "server");
    }

    @Test
    void aKindWhoseClaimsAlwaysVanishIsGivenUpInItsOwnWords() throws InterruptedException {
        world.readyAfterLooks(2);
        vanishing(3);

        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));

        assertThat(((Phase.Failed) awaitPhase(Phase.Failed.class).phase())
                        .failure()
                        .message())
                .contains(VANISHED);
        assertThat(world.calls()).filteredOn(call -> call.startsWith("claim")).hasSize(3);
        assertThat(world.taken()).isEmpty();
    }

    private void vanishing(int claims) {
        IntStream.range(0, claims).forEach(claim -> world.refuse("observe", FailureKind.NODE_NOT_READY, VANISHED));
    }

    @Test
    void whatTheIdentityMayNotDoEndsThePassAndIsSaid() throws InterruptedException {
        world.refuse("claim", FailureKind.PROVIDER_DENIED, "AuthorizationFailed: no right to write agent pools.");

        begin(Samples.desired(1, Samples.tune("v1")));

        assertThat(((Phase.Failed) awaitPhase(Phase.Failed.class).phase())
                        .failure()
                        .kind())
                .isEqualTo(FailureKind.PROVIDER_DENIED);
        assertThat(world.calls()).filteredOn(call -> call.startsWith("claim")).hasSize(1);
    }
}
