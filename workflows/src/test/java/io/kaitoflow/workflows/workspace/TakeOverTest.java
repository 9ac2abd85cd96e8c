package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.EarlierOutput;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.OutputActivities.Finding;
import io.kaitoflow.workflows.tuning.OutputActivities.Presence;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.ledger.StepKeys;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A run that remembers nothing is told what the object's status says was made. */
class TakeOverTest extends WorkspaceTest {

    private static final Evaluation MEASURED =
            new Evaluation(OptionalDouble.of(2), OptionalDouble.of(1), "loss on held-out rows");

    @Test
    @Recorded
    void whatWasTunedIsServedAndNotTunedAgain() throws InterruptedException {
        begin(wish(Samples.tuneThenServe("v1"), key(Samples.tuneThenServe("v1"))));

        WorkspaceSnapshot now = awaitPhase(Phase.Serving.class);

        assertThat(world.calls())
                .containsExactly("find " + Samples.DIGEST, "plan", "claim sku-a", "roll")
                .doesNotContain("tune /1");
        assertThat(now.output().orElseThrow().digest()).isEqualTo(Samples.DIGEST);
        assertThat(now.madeFrom()).contains(key(Samples.tuneThenServe("v1")));
        assertThat(now.remark().orElseThrow()).contains("found in its registry");
    }

    @Test
    void whatWasTunedAloneBuysNothing() throws InterruptedException {
        begin(wish(Samples.tune("v1"), key(Samples.tune("v1"))));

        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).doesNotContain("inspect", "claim sku-a", "tune /1");
    }

    @Test
    void aRegistryThatCannotBeAskedMakesNothingAgainAndIsSaid() throws InterruptedException {
        registry.outputs(new Finding(Presence.UNKNOWN, "Nobody is at registry.example.com."));
        begin(wish(Samples.tune("v1"), key(Samples.tune("v1"))));

        WorkspaceSnapshot now = awaitPhase(Phase.Completed.class);

        assertThat(now.remark().orElseThrow()).contains("could not be verified", "Nobody is at registry.example.com.");
        assertThat(world.calls()).doesNotContain("tune /1");
    }

    @Test
    void aLookThatFailsCountsAsNoAnswer() throws InterruptedException {
        world.refuse("find", FailureKind.UNSUPPORTED, "There is no way there.");
        begin(wish(Samples.tune("v1"), key(Samples.tune("v1"))));

        assertThat(awaitPhase(Phase.Completed.class).remark().orElseThrow()).contains("There is no way there.");
    }

    @Test
    @Recorded
    void whatIsGoneFromItsRegistryIsMadeAgain() throws InterruptedException {
        registry.outputs(new Finding(Presence.ABSENT, "404, there is no such image."));
        begin(wish(Samples.tune("v1"), key(Samples.tune("v1"))));

        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).contains("tune /1", "push v1");
    }

    @Test
    void whatWasMadeFromAnotherWishIsMadeAgain() throws InterruptedException {
        begin(wish(Samples.tune("v2"), key(Samples.tune("v1"))));

        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).contains("tune /1", "push v2").doesNotContain("find " + Samples.DIGEST);
    }

    @Test
    void aLaterTellingOfTheSameChangesNothing() throws InterruptedException {
        begin(Samples.desired(1, Samples.tune("v1")));
        awaitPhase(Phase.Completed.class);
        world.forgetCalls();

        workflow.desire(new DesiredState(
                "f2", 2, Optional.of(Samples.tune("v1")), List.of(), Optional.of(earlier(key(Samples.tune("v1"))))));
        awaitPhase(Phase.Completed.class);

        assertThat(world.calls()).isEmpty();
    }

    static DesiredState wish(WorkspaceRequest request, String key) {
        return new DesiredState("f1", 1, Optional.of(request), List.of(), Optional.of(earlier(key)));
    }

    private static EarlierOutput earlier(String key) {
        var image = Samples.pushed("v1");
        return new EarlierOutput(new PushedImage(image, Samples.DIGEST, image.registry()), key, Optional.of(MEASURED));
    }

    static String key(WorkspaceRequest request) {
        return StepKeys.push(request, true).value();
    }
}
