package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Checkpoints lie in the registry for as long as somebody may need them. */
class ShelvedCheckpointsTest extends WorkspaceTest {

    private static final OutputTarget V1 = Samples.job("v1").output();

    @Test
    @Recorded
    void checkpointsAreForgottenOnceTheResultIsPushed() throws InterruptedException {
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(registry.cleared()).containsExactly(V1);
    }

    @Test
    void aRegistryThatIsAwayForTwoMinutesForgetsThemThereafter() throws InterruptedException {
        registry.awayFor(7);
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        awaitPhase(Phase.Serving.class);
        environment.sleep(Duration.ofMinutes(3));

        assertThat(registry.cleared()).containsExactly(V1);
    }

    @Test
    void aPauseKeepsThemAndADeletionForgetsThem() throws InterruptedException {
        world.hold("tune");
        begin(Samples.desired(1, Samples.tuneThenServe("v1")));
        world.awaitReached("tune");
        order(Action.PAUSE);
        awaitPhase(Phase.Paused.class);
        assertThat(registry.cleared()).isEmpty();

        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(registry.cleared()).containsExactly(V1);
    }

    @Test
    void whatNeverTunedHasNothingToForget() throws InterruptedException {
        begin(Samples.desired(1, Samples.serve("registry.example.com/facts@" + Samples.DIGEST)));
        awaitPhase(Phase.Serving.class);
        workflow.desire(Samples.deleted(2));
        awaitEnd();

        assertThat(registry.cleared()).isEmpty();
    }
}
