package io.kaitoflow.workflows.workspace;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The verbs in effect. Pause and cancel are overrides of their own: each ends with its opposite verb, never with the absence of
 * an annotation, so a re-list does not undo what a person ordered by signal.
 *
 * @param signalled greatest sequence that came by signal
 * @param annotated greatest sequence that came with a desired state
 * @param hold the cancel in effect, else the pause
 * @param retries how often a retry was ordered
 * @param annotations the last verb of each annotation as it was written; its repetition means nothing
 * @param beneath the pause in effect while a cancel is
 */
record Orders(
        long signalled,
        long annotated,
        Optional<Verb> hold,
        long retries,
        // A state from before verbs were independent holds one, or null.
        @JsonAlias("annotation") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> annotations,

        Optional<Verb> beneath) {

    Orders {
        annotations = List.copyOf(Objects.requireNonNullElse(annotations, List.of()));
    }

    static Orders none() {
        return new Orders(Long.MIN_VALUE, Long.MIN_VALUE, Optional.empty(), 0, List.of(), Optional.empty());
    }

    /** After a verb by signal; an old one changes nothing. */
    Orders bySignal(Verb verb) {
        return verb.sequence() <= signalled
                ? this
                : new Orders(verb.sequence(), annotated, hold, retries, annotations, beneath).after(verb);
    }

    /** After a verb by annotation; an older one, and one that stands there unchanged, changes nothing. */
    Orders byAnnotation(Verb verb) {
        return verb.sequence() < annotated || annotations.contains(verb.reason())
                ? this
                : new Orders(signalled, verb.sequence(), hold, retries, noted(verb.reason()), beneath).after(verb);
    }

    boolean holds(Action action) {
        return hold.map(verb -> verb.action() == action).orElse(false);
    }

    /** The same, but a cancel hides no pause. */
    Orders withoutBeneath() {
        return with(hold, Optional.empty());
    }

    private Orders after(Verb verb) {
        return switch (verb.action()) {
            case PAUSE -> holds(Action.CANCEL) ? with(hold, Optional.of(verb)) : with(Optional.of(verb), beneath);
            case CANCEL -> with(Optional.of(verb), holds(Action.PAUSE) ? hold : beneath);
            case RESUME -> with(holds(Action.PAUSE) ? Optional.empty() : hold, Optional.empty());
            case RETRY -> retried(holds(Action.CANCEL) ? with(beneath, Optional.empty()) : this);
        };
    }

    private Orders with(Optional<Verb> newHold, Optional<Verb> newBeneath) {
        return new Orders(signalled, annotated, newHold, retries, annotations, newBeneath);
    }

    private static Orders retried(Orders orders) {
        return new Orders(
                orders.signalled,
                orders.annotated,
                orders.hold,
                orders.retries + 1,
                orders.annotations,
                orders.beneath);
    }

    /** What stands in an annotation replaces what stood there before. */
    private List<String> noted(String written) {
        String key = written.substring(0, written.indexOf('=') + 1);
        return Stream.concat(
                        annotations.stream().filter(each -> key.isEmpty() || !each.startsWith(key)), Stream.of(written))
                .toList();
    }
}
