package io.kaitoflow.workflows.workspace.wish;

import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.status.Phase;
import java.util.Locale;
import java.util.Optional;

/**
 * What an order means for a run in this phase, in words.
 *
 * @param deleted whether everything is given back for good
 * @param terms bounds as they hold
 * @param orders those in effect
 * @param settled whether the phase answers all that was wished for and ordered so far
 */
public record Verdicts(Phase phase, boolean deleted, Terms terms, Orders orders, boolean settled) {

    /** @throws IllegalArgumentException when it means nothing now */
    public void require(Order order) {
        if (order.verb(1).isEmpty()) {
            throw new IllegalArgumentException(order.objection());
        }
        if (deleted) {
            throw new IllegalArgumentException("The workspace is being deleted; no order changes that.");
        }
        objection(order).or(() -> inVain(order)).ifPresent(words -> {
            throw new IllegalArgumentException(words);
        });
    }

    /** Why an extension means nothing. */
    public Optional<String> objection(Order order) {
        return order.verb(1).flatMap(Verb::extension).flatMap(extension -> extension.objection(terms));
    }

    /** Why nothing comes of an order that can be read. */
    public Optional<String> inVain(Order order) {
        return misnumbered(order.sequence())
                .or(() -> order.verb(1)
                        .flatMap(verb -> inVain(verb.action()))
                        .filter(words -> order.sequence() == 0 || order.sequence() > orders.last()));
    }

    /** The same number once more is the same order once more. */
    private Optional<String> misnumbered(long sequence) {
        if (sequence < 0 || sequence > Order.GREATEST) {
            return Optional.of("The order's sequence " + sequence + " is no number between 1 and " + Order.GREATEST
                    + "; leave it out for the next order. Nothing was done.");
        }
        return sequence == 0 || sequence >= orders.last()
                ? Optional.empty()
                : Optional.of("The order's sequence " + sequence + " is behind " + orders.last()
                        + ", the one of the last order; leave it out for the next order. Nothing was done.");
    }

    private Optional<String> inVain(Action action) {
        return switch (action) {
            case RESUME -> paused() ? Optional.empty() : bounded(action).or(() -> nothingTo(action));
            case PAUSE -> paused() ? nothingTo(action) : Optional.empty();
            case CANCEL -> orders.holds(Action.CANCEL) ? nothingTo(action) : Optional.empty();
            case RETRY ->
                orders.holds(Action.PAUSE)
                        ? Optional.of("It is paused, so nothing is tried. Go on with: resume.")
                        : bounded(action);
            case EXTEND -> Optional.empty();
        };
    }

    /** A cancel may lie above the pause. */
    private boolean paused() {
        return orders.holds(Action.PAUSE) || orders.beneath().isPresent();
    }

    /** Of a pause that nobody ordered, with the way out of it. */
    private Optional<String> bounded(Action action) {
        return phase instanceof Phase.Paused(String reason)
                        && settled
                        && orders.hold().isEmpty()
                ? Optional.of("It is Paused by a bound, and " + word(action) + " does not change that. " + reason)
                : Optional.empty();
    }

    private Optional<String> nothingTo(Action action) {
        return Optional.of("It is " + phase.label() + "; there is nothing to " + word(action) + ".");
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /** What happens now that it was taken. */
    public String answer(Order order) {
        return order.verb(1).map(verb -> answer(verb.action())).orElseGet(order::objection);
    }

    private String answer(Action action) {
        return switch (action) {
            case PAUSE ->
                orders.holds(Action.CANCEL)
                        ? "It stays cancelled, and is paused when a retry ends that."
                        : "It pauses: the last checkpoint is kept and every machine goes back. End it with: resume.";
            case RESUME ->
                orders.holds(Action.CANCEL)
                        ? "The pause is ended, the cancel is not. Start again with: retry."
                        : "It goes on where it was.";
            case CANCEL ->
                "It is cancelled: the last checkpoint is kept and every machine goes back. Start again with: retry.";
            case RETRY ->
                orders.holds(Action.PAUSE)
                        ? "The cancel is ended, and it is paused as before. Go on with: resume."
                        : "It tries again, from the last checkpoint.";
            case EXTEND -> "The bound is extended, until kaito.sh/budget-usd or kaito.sh/max-hours is changed.";
        };
    }
}
