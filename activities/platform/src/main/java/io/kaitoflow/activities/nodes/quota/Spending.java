package io.kaitoflow.activities.nodes.quota;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * What the machines that a namespace gave back cost in one month, by list price; of earlier months nothing is kept.
 *
 * @param month in UTC
 */
record Spending(YearMonth month, BigDecimal usd) {

    static final Spending NONE = new Spending(YearMonth.of(1970, 1), BigDecimal.ZERO);

    static YearMonth monthOf(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }

    static Instant startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** With what a claim cost this month that ends now. */
    Spending with(Ticket ticket, Instant now) {
        BigDecimal cost = ticket.costThisMonth(now);
        return cost.signum() == 0
                ? this
                : new Spending(monthOf(now), in(monthOf(now)).add(cost));
    }

    /** Nothing of another month. */
    BigDecimal in(YearMonth wanted) {
        return month.equals(wanted) ? usd : BigDecimal.ZERO;
    }
}
