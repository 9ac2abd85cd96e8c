package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.cost.Bounds;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * For how long a model is served: a run that rests while it is served waits for the end of that as well. The time counts over all
 * servers, from the moment that one answers until it is given back.
 */
record ServingHours(Wishes wishes, Ledger ledger, PhaseBoard board) {

    private static final double SECONDS_PER_HOUR = 3600;

    /** Whether nothing is served any more: what is left of the wish is serving alone, and its time is used up. */
    boolean exhausted() {
        return !wishes.halted()
                && used(Bounds.FULL)
                && wishes.request().goal().serves()
                && (ledger.surge().kept() || !new Course(wishes.request(), ledger).tuningAhead())
                && counts();
    }

    /** Whether the server of a run that rests is to go now. */
    boolean over() {
        return board.phase() instanceof Phase.Serving && exhausted();
    }

    /** Waits for {@code news}, and while a model is served for the end of its time. */
    void await(BooleanSupplier news) {
        warn();
        while (runs() && !news.getAsBoolean() && !used(Bounds.FULL)) {
            NamedTimer.await("Until the hours of serving are over, or nearly", untilNext(), news);
            warn();
        }
        if (!over()) {
            Workflow.await(news::getAsBoolean);
        }
    }

    /** The phase after the end: what happened, and how it goes on. */
    Phase ended() {
        ledger.warn(null);
        return new Phase.Paused("Serving has ended: the model was served for " + hours(time()) + " of the "
                + hours(most().orElse(Duration.ZERO))
                + " hours of kaito.sh/serving-max-hours, and the machine went back."
                + " Raise the number or remove the annotation to serve it again.");
    }

    private void warn() {
        boolean serving = board.phase() instanceof Phase.Serving;
        boolean near = used(Bounds.NEAR) && !used(Bounds.FULL);
        if (serving && !near) {
            ledger.warn(null);
        } else if (serving && ledger.warning().isEmpty() && counts()) {
            ledger.warn("Serving ends at " + end() + ", after the " + hours(most().orElse(Duration.ZERO))
                    + " hours of kaito.sh/serving-max-hours, and the machine goes back.");
            board.confirm();
        }
    }

    private Instant end() {
        return PhaseBoard.now().plus(most().orElse(Duration.ZERO)).minus(time());
    }

    /** A server that was rolled out before anybody counted is counted from now on. */
    private boolean runs() {
        boolean bounded = board.phase() instanceof Phase.Serving && !wishes.halted() && most().isPresent() && counts();
        if (bounded) {
            ledger.meters().served(true, PhaseBoard.now());
        }
        return bounded;
    }

    private boolean used(double share) {
        return most().isPresent() && bounds().reached(share, PhaseBoard.now());
    }

    private Duration untilNext() {
        return bounds().until(used(Bounds.NEAR) ? Bounds.FULL : Bounds.NEAR, PhaseBoard.now());
    }

    private Bounds bounds() {
        return new Bounds(Optional.empty(), most(), ledger.meters().served());
    }

    private Optional<Duration> most() {
        return wishes.terms().servingMax();
    }

    private Duration time() {
        return ledger.meters().served().time(PhaseBoard.now());
    }

    /** A run that began before serving had an end keeps its history. */
    private static boolean counts() {
        return Workflow.getVersion("serving-hours", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    private static String hours(Duration time) {
        return String.format(Locale.ROOT, "%.2f", time.toSeconds() / SECONDS_PER_HOUR);
    }
}
