package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnsweredRetryTest extends WorkspaceTest {

    @Test
    void aRetryInTheMiddleOfATuningIsNotForTheServerThatIsThereAtTheNextEdit() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");
        order(Action.RETRY);
        world.letGo("tune");
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();

        workflow.desire(
                Samples.desired(2, Samples.with(Samples.tuneThenServe("v1"), Samples.atMost(Duration.ofHours(9)))));
        awaitSnapshot(told -> told.fingerprint().equals("f2") && told.phase() instanceof Phase.Serving);

        assertThat(world.calls()).doesNotContain("roll");
    }

    @Test
    void oneWhileTheModelIsServedStillIs() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();

        order(Action.RETRY);
        awaitSnapshot(
                told -> told.phase() instanceof Phase.Serving && world.calls().contains("roll"));

        assertThat(world.calls()).containsExactly("roll");
    }
}
