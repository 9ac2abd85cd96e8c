package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.status.Phase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrayRunTest {

    private static final DesiredState WISH = new DesiredState("f", 7, Optional.empty(), List.of());

    @Test
    void whatWasPausedStaysPaused() {
        assertThat(StrayRun.wishAfter(new Phase.Paused("too dear"), WISH).verbs())
                .containsExactly(new Verb(Verb.Action.PAUSE, 7, "too dear"));
    }

    @Test
    void whateverElseItWasGoesOn() {
        assertThat(StrayRun.wishAfter(new Phase.Tuning(0), WISH)).isEqualTo(WISH);
    }
}
