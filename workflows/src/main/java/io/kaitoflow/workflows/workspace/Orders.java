package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import java.util.Optional;

/**
 * The verbs in effect. An override ends with its opposite verb, never with the absence of an annotation, so a re-list does not
 * undo what a person ordered by signal.
 *
 * @param signalled greatest sequence that came by signal
 * @param annotated greatest sequence that came with a desired state
 * @param hold the pause or cancel in effect
 * @param retries how often a retry was ordered
 * @param annotation the last verb by annotation as it was written; its repetition means nothing
 */
record Orders(long signalled, long annotated, Optional<Verb> hold, long retries, Optional<String> annotation) {

    static Orders none() {
        return new Orders(Long.MIN_VALUE, Long.MIN_VALUE, Optional.empty(), 0, Optional.empty());
    }

    /** After a verb by signal; an old one changes nothing. */
    Orders bySignal(Verb verb) {
        return verb.sequence() <= signalled
                ? this
                : new Orders(verb.sequence(), annotated, hold, retries, annotation).after(verb);
    }

    /** After a verb by annotation; a known one, and one that stands there unchanged, changes nothing. */
    Orders byAnnotation(Verb verb) {
        boolean known = verb.sequence() <= annotated
                || annotation.filter(verb.reason()::equals).isPresent();
        return known
                ? this
                : new Orders(signalled, verb.sequence(), hold, retries, Optional.of(verb.reason())).after(verb);
    }

    boolean holds(Action action) {
        return hold.map(verb -> verb.action() == action).orElse(false);
    }

    private Orders after(Verb verb) {
        return switch (verb.action()) {
            case PAUSE -> holds(Action.CANCEL) ? this : with(Optional.of(verb), retries);
            case CANCEL -> with(Optional.of(verb), retries);
            case RESUME -> holds(Action.PAUSE) ? with(Optional.empty(), retries) : this;
            case RETRY -> with(holds(Action.CANCEL) ? Optional.empty() : hold, retries + 1);
        };
    }

    private Orders with(Optional<Verb> newHold, long newRetries) {
        return new Orders(signalled, annotated, newHold, newRetries, annotation);
    }
}
