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
 */
public record Verdicts(Phase phase, boolean deleted, Terms terms) {

    /** @throws IllegalArgumentException when it means nothing now */
    public void require(Order order) {
        Action action = order.verb(1)
                .orElseThrow(() -> new IllegalArgumentException(order.objection()))
                .action();
        if (deleted) {
            throw new IllegalArgumentException("The workspace is being deleted; no order changes that.");
        }
        boolean meaningless = switch (action) {
            case RESUME -> !(phase instanceof Phase.Paused);
            case PAUSE -> phase instanceof Phase.Paused;
            case CANCEL -> phase instanceof Phase.Cancelled;
            case RETRY -> false;
            case EXTEND -> {
                objection(order).ifPresent(words -> {
                    throw new IllegalArgumentException(words);
                });
                yield false;
            }
        };
        if (meaningless) {
            throw new IllegalArgumentException("It is " + phase.label() + "; there is nothing to "
                    + order.action().strip().toLowerCase(Locale.ROOT) + ".");
        }
    }

    /** Why an extension means nothing. */
    public Optional<String> objection(Order order) {
        return order.verb(1).flatMap(Verb::extension).flatMap(extension -> extension.objection(terms));
    }

    /** What happens now. */
    public String answer(Order order) {
        return order.verb(1)
                .map(verb -> switch (verb.action()) {
                    case PAUSE ->
                        "It pauses: the last checkpoint is kept and every machine goes back. End it with: resume.";
                    case RESUME -> "It goes on where it was.";
                    case CANCEL ->
                        "It is cancelled: the last checkpoint is kept and every machine goes back. Start again with: retry.";
                    case RETRY -> "It tries again, from the last checkpoint.";
                    case EXTEND -> "The bound is extended, until kaito.sh/budget-usd or kaito.sh/max-hours is changed.";
                })
                .orElseGet(order::objection);
    }
}
