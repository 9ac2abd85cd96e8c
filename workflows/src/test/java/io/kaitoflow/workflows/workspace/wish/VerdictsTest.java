package io.kaitoflow.workflows.workspace.wish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import org.junit.jupiter.api.Test;

class VerdictsTest {

    private static final String BOUND = "Tuning cost 5 of 5 USD of kaito.sh/budget-usd. Raise it.";
    private static final Phase.Paused PAUSED = new Phase.Paused(BOUND);

    @Test
    void aResumeOfWhatABoundPausedNamesTheBoundAndTheCure() {
        Verdicts verdicts = verdicts(PAUSED, Orders.none());

        assertThat(verdicts.inVain(order("resume", 0)).orElseThrow()).contains("resume does not change that", BOUND);
        assertThat(verdicts.inVain(order("retry", 0)).orElseThrow()).contains("retry does not change that", BOUND);
    }

    @Test
    void whatABoundPausedMayBePausedByAPersonToo() {
        assertThatCode(() -> verdicts(PAUSED, Orders.none()).require(order("pause", 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void aPauseMayBeResumedWhileTheMachineStillGoesBack() {
        Verdicts verdicts = verdicts(new Phase.Releasing(), holding(Action.PAUSE));

        assertThatCode(() -> verdicts.require(order("resume", 0))).doesNotThrowAnyException();
        assertThat(verdicts.inVain(order("pause", 0))).isPresent();
    }

    @Test
    void aRetryThatFindsThePauseBeneathACancelSaysSo() {
        Orders cancelled = holding(Action.PAUSE).bySignal(new Verb(Action.CANCEL, 2, "enough"));
        Orders after = cancelled.bySignal(new Verb(Action.RETRY, 3, "again"));

        assertThat(verdicts(new Phase.Cancelled("enough"), cancelled).inVain(order("retry", 0)))
                .isEmpty();
        assertThat(verdicts(new Phase.Cancelled("enough"), after).answer(order("retry", 0)))
                .contains("paused as before", "resume");
    }

    @Test
    void theSameNumberOnceMoreIsNoObjection() {
        assertThat(verdicts(PAUSED, holding(Action.PAUSE)).inVain(order("pause", 1)))
                .isEmpty();
    }

    @Test
    void aNumberThatLeavesNoneForLaterOrdersIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verdicts(new Phase.Serving(), Orders.none()).require(order("pause", Long.MAX_VALUE)))
                .withMessageContaining("sequence 9223372036854775807 is no number between 1 and");
        assertThat(verdicts(new Phase.Serving(), Orders.none()).inVain(order("pause", -1)))
                .isPresent();
    }

    private static Orders holding(Action action) {
        return Orders.none().bySignal(new Verb(action, 1, "A person said so."));
    }

    private static Order order(String action, long sequence) {
        return new Order(action, sequence, "");
    }

    private static Verdicts verdicts(Phase phase, Orders orders) {
        return new Verdicts(phase, false, Terms.none(), orders, true);
    }
}
