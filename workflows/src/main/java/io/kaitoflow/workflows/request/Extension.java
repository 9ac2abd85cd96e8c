package io.kaitoflow.workflows.request;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * New bounds in the place of those that the annotations name, until somebody changes these.
 *
 * @param budgetUsd most money; empty leaves that bound alone
 * @param maxDuration most time; empty leaves that one alone
 */
public record Extension(Optional<BigDecimal> budgetUsd, Optional<Duration> maxDuration) {

    /** Bounds nothing. */
    public static Extension none() {
        return new Extension(Optional.empty(), Optional.empty());
    }

    /** This one, and of the earlier one what this one leaves alone. */
    public Extension over(Extension earlier) {
        return new Extension(budgetUsd.or(() -> earlier.budgetUsd), maxDuration.or(() -> earlier.maxDuration));
    }

    /** Why it means nothing for who is bounded like this; empty when it means something. */
    public Optional<String> objection(Terms terms) {
        if (equals(none())) {
            return Optional.of("An extension names budgetUsd or maxHours, a number above 0; nothing was done.");
        }
        return budgetUsd
                .flatMap(usd -> objection("kaito.sh/budget-usd", terms.budgetUsd(), usd))
                .or(() -> maxDuration.flatMap(time ->
                        objection("kaito.sh/max-hours", terms.maxDuration().map(Extension::hours), hours(time))));
    }

    private static Optional<String> objection(String annotation, Optional<BigDecimal> bound, BigDecimal extended) {
        if (bound.isEmpty()) {
            return Optional.of("There is no " + annotation + " to extend; set it by annotation.");
        }
        return bound.filter(now -> extended.compareTo(now) <= 0)
                .map(now -> annotation + " is " + now.toPlainString() + " now; an extension names more.");
    }

    private static BigDecimal hours(Duration time) {
        return BigDecimal.valueOf(time.toSeconds() / 36).movePointLeft(2).stripTrailingZeros();
    }
}
