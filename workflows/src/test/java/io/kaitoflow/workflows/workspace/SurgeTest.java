package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits that need another server or machine, where {@code kaito.sh/rollout: surge} wants no outage. */
class SurgeTest extends SurgeScene {

    private static final WorkspaceRequest FIRST =
            Samples.surging(Samples.serve("registry.example.com/facts@" + Samples.DIGEST));
    private static final WorkspaceRequest OTHER =
            Samples.surging(Samples.serve("registry.example.com/others@" + Samples.DIGEST));
    private static final String NO_CAPACITY = "There is no sku-a in this region.";

    @Test
    @Recorded
    void anotherServerComesUpOnASecondMachineAndOnlyThenTheFirstGoes() throws InterruptedException {
        serve(FIRST);
        world.readyAfterLooks(2);

        workflow.desire(Samples.desired(2, OTHER));
        WorkspaceSnapshot meanwhile = awaitPhase(Phase.Provisioning.class);
        assertThat(meanwhile.answersMeanwhile()).isTrue();
        assertThat(meanwhile.endpoint()).isPresent();
        assertThat(meanwhile.nodes()).containsExactly("node-1");
        WorkspaceSnapshot after = awaitPhase(Phase.Serving.class);

        assertThat(after.fingerprint()).isEqualTo("f2");
        assertThat(after.nodes()).containsExactly("node-2");
        assertThat(after.answersMeanwhile()).isFalse();
        assertThat(world.calls())
                .containsSubsequence("servedInPlace", "claim sku-a", "roll beside ws1", "release 1")
                .doesNotContain("retire", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    @Recorded
    void withRecreateTheServerMakesRoomOnItsOwnMachine() throws InterruptedException {
        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();

        workflow.desire(Samples.desired(2, Samples.serve("registry.example.com/others@" + Samples.DIGEST)));
        awaitPhase(Phase.RollingOut.class);
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).containsExactly("plan", "inspect beside a server", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void whatTheServerTakesWhileItRunsNeedsNoSecondMachine() throws InterruptedException {
        serve(FIRST);
        world.servesEverythingInPlace();

        workflow.desire(Samples.desired(2, OTHER));
        awaitPhase(Phase.RollingOut.class);
        awaitPhase(Phase.Serving.class);

        assertThat(world.calls()).containsExactly("plan", "inspect", "servedInPlace", "roll");
    }

    @Test
    void anotherKindOfMachineIsThereBeforeTheFirstGoes() throws InterruptedException {
        serve(FIRST);

        workflow.desire(Samples.desired(2, Samples.on(FIRST, "sku-c")));
        awaitServing("f2");

        assertThat(world.calls())
                .containsSubsequence("claim sku-c", "roll beside ws1", "release 1")
                .doesNotContain("retire");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    @Recorded
    void aServerThatDoesNotComeUpLeavesTheFirstOneServingAndSaysSo() throws InterruptedException {
        serve(FIRST);
        world.takesBack("Pod geo crashes. What served before serves again: facts.");

        workflow.desire(Samples.desired(2, OTHER));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.endpoint().orElseThrow().remark())
                .contains("Pod geo crashes. What served before serves again: facts.");
        assertThat(after.nodes()).containsExactly("node-1");
        assertThat(world.calls())
                .containsSubsequence("roll beside ws1", "release 2")
                .doesNotContain("release 1", "retire");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void whatFailedIsTriedAgainByARetryAndByNothingElse() throws InterruptedException {
        serve(FIRST);
        world.takesBack("Pod geo crashes.");
        workflow.desire(Samples.desired(2, OTHER));
        awaitServing("f2");
        world.forgetCalls();

        workflow.nodeObserved("ws1");
        environment.sleep(Duration.ofMinutes(5));
        assertThat(world.calls()).containsOnly("observe");

        world.forgetCalls();
        order(Action.RETRY);
        awaitPhase(Phase.RollingOut.class);
        awaitPhase(Phase.Serving.class);
        assertThat(world.calls()).contains("claim sku-a", "roll beside ws1", "release 3");
    }

    @Test
    void anEditThatCannotBeFulfilledAtAllLeavesTheServerAlone() throws InterruptedException {
        serve(FIRST);
        world.refuse("inspect", FailureKind.REGISTRY_DENIED, "401");

        workflow.desire(Samples.desired(2, OTHER));

        assertThat(awaitServing("f2").endpoint().orElseThrow().remark().orElseThrow())
                .contains("401");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    @Recorded
    void aCapThatHasNoRoomForTwoMachinesHasTheChangeMadeOnTheFirst() throws InterruptedException {
        serve(FIRST);
        world.refuse("claim", FailureKind.OVER_CAP, "1 x sku-a is 1 GPUs beside what the Workspace holds.");

        workflow.desire(Samples.desired(2, OTHER));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.surge().flatMap(Surging::remark).orElseThrow())
                .contains("no second machine", "nothing answers while", "beside what the Workspace holds");
        assertThat(after.endpoint().orElseThrow().remark()).isEmpty();
        assertThat(world.calls()).endsWith("roll").doesNotContain("retire", "release 1");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void nodesThatAreTakenAreNotWaitedForBesideAServer() throws InterruptedException {
        serve(FIRST);
        world.nothingFreeFor(1000);

        workflow.desire(Samples.desired(2, OTHER));

        assertThat(awaitServing("f2").surge().flatMap(Surging::remark).orElseThrow())
                .contains("All nodes are taken.");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void withoutCapacityForAnotherKindOfMachineTheFirstIsKeptAndServesOn() throws InterruptedException {
        serve(FIRST);
        world.refuse("claim", FailureKind.CAPACITY_MISSING, NO_CAPACITY);

        workflow.desire(Samples.desired(2, Samples.on(FIRST, "sku-c")));
        WorkspaceSnapshot after = awaitServing("f2");

        assertThat(after.endpoint().orElseThrow().remark().orElseThrow()).contains(NO_CAPACITY);
        assertThat(world.calls()).doesNotContain("release 1", "retire", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void roomUnderACapForAnotherKindOfMachineIsMadeByTheFirst() throws InterruptedException {
        serve(FIRST);
        world.refuse("claim", FailureKind.OVER_CAP, "1 x sku-c is 1 GPUs beside what the Workspace holds.");

        workflow.desire(Samples.desired(2, Samples.on(FIRST, "sku-c")));
        awaitServing("f2");

        assertThat(world.calls()).containsSubsequence("retire", "release 1", "claim sku-c", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 3", "server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claim", "servedInPlace", "roll"})
    void deletionInAnyStepGivesBothMachinesBack(String step) throws InterruptedException {
        serve(FIRST);
        world.hold(step);
        workflow.desire(Samples.desired(2, OTHER));
        world.awaitReached(step);

        workflow.desire(Samples.deleted(3));
        awaitEnd();

        assertThat(world.taken()).isEmpty();
    }

    @Test
    void aCancelWhileTheNextServerStartsGivesEverythingBack() throws InterruptedException {
        serve(FIRST);
        world.holdDeaf("roll");
        workflow.desire(Samples.desired(2, OTHER));
        world.awaitReached("roll");

        order(Action.CANCEL);
        awaitPhase(Phase.Cancelled.class);

        assertThat(world.taken()).isEmpty();
    }

    @Test
    @Recorded
    void anEditThatIsTakenBackWhileTheNextServerStartsLeavesTheFirstWhereItIs() throws InterruptedException {
        serve(FIRST);
        world.hold("roll");
        workflow.desire(Samples.desired(2, OTHER));
        world.awaitReached("roll");

        world.servesEverythingInPlace();
        world.hold("roll");
        workflow.desire(new DesiredState("f1", 3, Optional.of(FIRST), List.of()));
        world.awaitReached("roll");
        world.letGo("roll");

        assertThat(awaitServing("f1").nodes()).containsExactly("node-1");
        assertThat(world.calls()).contains("release 2").doesNotContain("release 1", "retire");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    void aSecondEditGoesOnWithTheSecondMachine() throws InterruptedException {
        serve(FIRST);
        world.hold("roll");
        workflow.desire(Samples.desired(2, OTHER));
        world.awaitReached("roll");

        world.hold("roll");
        workflow.desire(
                Samples.desired(3, Samples.surging(Samples.serve("registry.example.com/third@" + Samples.DIGEST))));
        world.awaitReached("roll");
        world.letGo("roll");
        awaitServing("f3");

        assertThat(world.calls()).filteredOn(call -> call.startsWith("claim")).hasSize(1);
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 2", "server");
    }

    @Test
    void aRunThatRemembersNothingKeepsOneOfTwoMachines() throws InterruptedException {
        world.heldAlready(claim(1));
        world.heldAlready(claim(2));

        begin(Samples.desired(1, OTHER));
        awaitServing("f1");

        assertThat(world.calls()).contains("release 2", "roll");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    @Test
    @Recorded
    void aClaimThatWasKeptThroughAnEditOfItsKindsIsOwedOnceAndKeptOnceMore() throws InterruptedException {
        world.readyAfterLooks(1000);
        begin(Samples.desired(1, FIRST));
        awaitSnapshot(told -> world.calls().contains("claim sku-a"));
        workflow.desire(Samples.desired(2, Samples.on(FIRST, "sku-a", "sku-b")));
        awaitHeard();
        world.readyAfterLooks(0);
        workflow.nodeObserved("ws1");
        awaitServing("f2");
        world.takesBack("Pod geo crashes.");

        workflow.desire(Samples.desired(3, Samples.on(OTHER, "sku-a", "sku-b")));
        awaitServing("f3");

        assertThat(world.calls()).contains("roll beside ws1", "release 2").doesNotContain("release 1");
        assertThat(world.taken()).containsExactlyInAnyOrder("machine 1", "server");
    }

    private static NodeRequest claim(int number) {
        return new NodeRequest(Samples.ID, Samples.plan(OTHER).machines().getFirst(), OTHER.machines(), number);
    }
}
