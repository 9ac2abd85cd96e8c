package io.kaitoflow.workflows.workspace.wish;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import io.kaitoflow.workflows.request.Extension;
import io.kaitoflow.workflows.request.Terms;
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
 * @param extended the bounds in the place of those that were written
 * @param extensions how often bounds were extended
 */
public record Orders(
        long signalled,
        long annotated,
        Optional<Verb> hold,
        long retries,
        // A state from before verbs were independent holds one, or null.
        @JsonAlias("annotation") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> annotations,

        Optional<Verb> beneath,
        Optional<Extended> extended,
        long extensions) {

    /**
     * Bounds that were ordered.
     *
     * @param by in the place of
     * @param written what stood there; when something else is written the order is over
     */
    public record Extended(Extension by, Terms written) {}

    public Orders {
        annotations = List.copyOf(Objects.requireNonNullElse(annotations, List.of()));
        extended = Objects.requireNonNullElse(extended, Optional.empty());
    }

    public static Orders none() {
        return new Orders(
                Long.MIN_VALUE, Long.MIN_VALUE, Optional.empty(), 0, List.of(), Optional.empty(), Optional.empty(), 0);
    }

    /** The number of an order after everything that was ordered so far. */
    public long next() {
        return Math.max(last(), 0) + 1;
    }

    /** The number of the last order by signal; one that left none for those after it counts for nothing. */
    long last() {
        return signalled == Long.MAX_VALUE ? Long.MIN_VALUE : signalled;
    }

    /** After a verb by signal; an old one changes nothing. */
    public Orders bySignal(Verb verb) {
        return verb.sequence() <= last()
                ? this
                : numbered(verb.sequence(), annotated, annotations).after(verb);
    }

    /** After a verb by annotation; an older one, and one that stands there unchanged, changes nothing. */
    public Orders byAnnotation(Verb verb) {
        return verb.sequence() < annotated || annotations.contains(verb.reason())
                ? this
                : numbered(signalled, verb.sequence(), noted(verb.reason())).after(verb);
    }

    /** After an extension of what is written now. */
    public Orders extendedBy(Extension extension, Terms written) {
        Extension earlier = inForce(written).map(Extended::by).orElseGet(Extension::none);
        return new Orders(
                signalled,
                annotated,
                hold,
                retries,
                annotations,
                beneath,
                Optional.of(new Extended(extension.over(earlier), written)),
                extensions + 1);
    }

    /** The bounds that hold where this is written. */
    public Terms bounding(Terms written) {
        return inForce(written).map(order -> written.with(order.by())).orElse(written);
    }

    private Optional<Extended> inForce(Terms written) {
        return extended.filter(order -> order.written().boundedLike(written));
    }

    private Orders numbered(long bySignal, long byAnnotation, List<String> notes) {
        return new Orders(bySignal, byAnnotation, hold, retries, notes, beneath, extended, extensions);
    }

    public boolean holds(Action action) {
        return hold.map(verb -> verb.action() == action).orElse(false);
    }

    /** The same, but a cancel hides no pause. */
    public Orders withoutBeneath() {
        return with(hold, Optional.empty());
    }

    private Orders after(Verb verb) {
        return switch (verb.action()) {
            case PAUSE -> holds(Action.CANCEL) ? with(hold, Optional.of(verb)) : with(Optional.of(verb), beneath);
            case CANCEL -> with(Optional.of(verb), holds(Action.PAUSE) ? hold : beneath);
            case RESUME -> with(holds(Action.PAUSE) ? Optional.empty() : hold, Optional.empty());
            // Its amount depends on what is written, which is not known here.
            case EXTEND -> this;
            case RETRY -> retried(holds(Action.CANCEL) ? with(beneath, Optional.empty()) : this);
        };
    }

    private Orders with(Optional<Verb> newHold, Optional<Verb> newBeneath) {
        return new Orders(signalled, annotated, newHold, retries, annotations, newBeneath, extended, extensions);
    }

    private static Orders retried(Orders orders) {
        return new Orders(
                orders.signalled,
                orders.annotated,
                orders.hold,
                orders.retries + 1,
                orders.annotations,
                orders.beneath,
                orders.extended,
                orders.extensions);
    }

    /** What stands in an annotation replaces what stood there before. */
    private List<String> noted(String written) {
        String key = written.substring(0, written.indexOf('=') + 1);
        return Stream.concat(
                        annotations.stream().filter(each -> key.isEmpty() || !each.startsWith(key)), Stream.of(written))
                .toList();
    }
}
