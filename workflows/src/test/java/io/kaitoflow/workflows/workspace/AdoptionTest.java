package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run that remembers nothing, because the one before it was terminated or its database is lost. */
class AdoptionTest extends WorkspaceTest {

    @Test
    void aClaimOfTheKindThatIsWishedForIsUsedAndNoOtherIsMade() throws InterruptedException {
        world.heldAlready(request("sku-b", 3));

        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).filteredOn(call -> call.startsWith("claim")).containsExactly("claim sku-b");
        assertThat(world.taken()).contains("machine 3").doesNotContain("machine 1", "machine 4");
    }

    @Test
    @Recorded
    void aClaimOfAnotherKindIsGivenBackAndItsNumberNotUsedAgain() throws InterruptedException {
        world.heldAlready(request("sku-x", 3));

        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).contains("release 3", "claim sku-a");
        assertThat(world.taken()).contains("machine 4").doesNotContain("machine 3");
    }

    @Test
    @Recorded
    void aClaimWhoseReturnNobodyHeardIsAskedBackAgain() throws InterruptedException {
        world.heldAlready(request("sku-x", 3));
        for (int attempt = 0; attempt < 3; attempt++) {
            world.refuse("release", FailureKind.INTERNAL, "Nobody answered.");
        }

        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(2));

        assertThat(world.taken()).contains("machine 4").doesNotContain("machine 3");
    }

    @Test
    @Recorded
    void aDeletionGivesBackWhatNobodyRemembers() throws InterruptedException {
        world.heldAlready(request("sku-a", 2));

        begin(Samples.deleted(1));
        awaitEnd();

        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void aDeletionEndsWhatTheRunBeforeMayHaveStartedBeforeItsMachineGoes() throws InterruptedException {
        world.heldAlready(request("sku-a", 2));

        begin(Samples.deleted(1));
        awaitEnd();

        assertThat(world.calls()).containsSubsequence("stopTuner", "retire", "release 2");
    }

    @Test
    @Recorded
    void aDeletionWaitsForWhatIsOnItsWayOutAlready() throws InterruptedException {
        world.leaving(request("sku-a", 2));
        world.goneAfterReleases(3);

        begin(Samples.deleted(1));
        awaitEnd();

        assertThat(world.calls()).filteredOn("release 2"::equals).hasSize(3);
        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void aClaimThatNobodyKnewOfIsGivenBackWhenAPausedRunHearsOfIt() throws InterruptedException {
        begin(wish(1, new Verb(Action.PAUSE, 1, "kaito.sh/paused=true")));
        awaitPhase(Phase.Paused.class);
        world.heldAlready(request("sku-a", 1));

        workflow.nodeObserved("held");

        awaitPhase(Phase.Releasing.class);
        awaitPhase(Phase.Paused.class);
        assertThat(world.taken()).isEmpty();
        assertThat(workflow.snapshot().owed()).isEmpty();
    }

    @Test
    @Recorded
    void aClaimThatNobodyKnewOfIsGivenBackBesideTheServer() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        world.heldAlready(request("sku-b", 7));
        world.goneAfterReleases(2);

        workflow.nodeObserved("held");
        environment.sleep(Duration.ofMinutes(2));

        assertThat(world.calls()).filteredOn(call -> call.startsWith("release")).containsOnly("release 7");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
        assertThat(workflow.snapshot().owed()).hasSize(2);
    }

    @Test
    @Recorded
    void aProviderThatDeniesIsQuotedAndAskedAgainUntilItAnswers() throws InterruptedException {
        world.heldAlready(request("sku-b", 3));
        refuseToSayWhatIsHeld();

        begin(Samples.desired(1, Samples.tuneThenServe("v1")));

        assertThat(awaitSnapshot(told -> told.objection().isPresent())
                        .objection()
                        .orElseThrow())
                .contains("what is held", "AuthorizationFailed");
        awaitPhase(Phase.Serving.class);
        assertThat(world.taken()).contains("machine 3").doesNotContain("machine 1", "machine 4");
    }

    private void refuseToSayWhatIsHeld() {
        for (int attempt = 0; attempt < 3; attempt++) {
            world.refuse("held", FailureKind.PROVIDER_DENIED, "AuthorizationFailed.");
        }
    }

    @Test
    void aPausedRunHearsAnOrderWhereNobodySaysWhatIsHeld() throws InterruptedException {
        begin(wish(1, new Verb(Action.PAUSE, 1, "kaito.sh/paused=true")));
        awaitPhase(Phase.Paused.class);
        for (int attempt = 0; attempt < 1000; attempt++) {
            world.refuse("held", FailureKind.INTERNAL, "Nobody answered.");
        }

        workflow.nodeObserved("held");
        order(Action.RESUME);

        awaitPhase(Phase.Serving.class);
    }

    @Test
    void aServerGoesOnWhereNobodySaysWhatIsHeld() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        for (int attempt = 0; attempt < 2; attempt++) {
            world.refuse("held", FailureKind.INTERNAL, "Nobody answered.");
        }

        workflow.nodeObserved("held");
        workflow.desire(Samples.desired(2, Samples.tuneThenServe("v2")));

        assertThat(awaitPhase(Phase.Serving.class).fingerprint()).isEqualTo("f2");
    }

    @Test
    void anAnnotationThatStandsThereUnchangedDoesNotUndoAnOrder() throws InterruptedException {
        Verb pause = new Verb(Action.PAUSE, 1, "kaito.sh/paused=true");
        begin(wish(1, pause));
        awaitPhase(Phase.Paused.class);
        order(Action.RESUME);
        awaitPhase(Phase.Serving.class);

        workflow.desire(wish(9, new Verb(Action.PAUSE, 9, pause.reason())));

        assertThat(workflow.snapshot().fingerprint()).isEqualTo("f9");
        assertThat(workflow.snapshot().phase()).isInstanceOf(Phase.Serving.class);
    }

    @Test
    void aWishThatChangesNoPhaseIsAnsweredAllTheSame() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);

        workflow.desire(Samples.desired(2, Samples.tuneThenServe("v1")));

        assertThat(awaitPhase(Phase.Serving.class).fingerprint()).isEqualTo("f2");
    }

    private static DesiredState wish(long version, Verb verb) {
        return new DesiredState("f" + version, version, Optional.of(Samples.tuneThenServe("v1")), List.of(verb));
    }

    private static NodeRequest request(String kind, int number) {
        MachineOption option = new MachineOption(kind, 1, ByteSize.ofGibibytes(24), Optional.empty(), false);
        return new NodeRequest(Samples.ID, option, Samples.machines("sku-a", "sku-b"), number);
    }
}
