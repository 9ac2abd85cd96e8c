package io.kaitoflow.workflows.cost;

import io.kaitoflow.workflows.request.Terms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far tuning may go in money and time.
 *
 * @param budgetUsd most money
 * @param most time
 * @param used by tuning so far, over all its tries
 */
public record Bounds(Optional<BigDecimal> budgetUsd, Optional<Duration> most, Spending used) {

    /** A warning is due from this share on. */
    public static final double NEAR = 0.8;

    /** Nothing goes on from this share on. */
    public static final double FULL = 1;

    private static final double SECONDS_PER_HOUR = 3600;

    private static final String MONEY = "kaito.sh/budget-usd";
    private static final String TIME = "kaito.sh/max-hours";
    private static final String USED = " are used by tuning: ";

    /** The bounds that a request names. */
    public static Bounds of(Terms terms, Spending used) {
        return new Bounds(terms.budgetUsd(), terms.maxDuration(), used);
    }

    /** Whether time runs towards a bound. */
    public boolean approached() {
        return used.running()
                && (most.isPresent()
                        || (budgetUsd.isPresent() && used.hourlyUsd().isPresent()));
    }

    /** Whether this share of a bound is used up. */
    public boolean reached(double share, Instant now) {
        return share(now) >= share;
    }

    /** How long until the share is reached while time runs; at least a second, so that whoever waits gets there. */
    public Duration until(double share, Instant now) {
        double seconds = Stream.of(secondsOfMoney(share, now), secondsOfTime(share, now))
                .flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(Double.MAX_VALUE);
        return Duration.ofSeconds(Math.max(
                1, (long) Math.ceil(Math.min(seconds, Duration.ofDays(365).toSeconds()))));
    }

    /** What is used of what, for people. */
    public String sentence(Instant now) {
        boolean money = moneyShare(now) >= timeShare(now);
        int percent = (int) Math.floor(share(now) * 100);
        return money
                ? percent + " % of " + MONEY + USED + "$"
                        + used.usd(now).setScale(2, RoundingMode.HALF_UP) + " of $"
                        + budgetUsd.orElse(BigDecimal.ZERO).toPlainString() + "."
                : percent + " % of " + TIME + USED + hours(used.time(now)) + " of " + hours(most.orElse(Duration.ZERO))
                        + " hours.";
    }

    /** Whether a pause of this reason is for money that is used up. */
    public static boolean isOfMoney(String reason) {
        return reason.contains(MONEY + USED);
    }

    /** Whether a pause of this reason is for time that is used up. */
    public static boolean isOfTime(String reason) {
        return reason.contains(TIME + USED);
    }

    private double share(Instant now) {
        return Math.max(moneyShare(now), timeShare(now));
    }

    private double moneyShare(Instant now) {
        return budgetUsd
                .map(budget -> used.usd(now).doubleValue() / budget.doubleValue())
                .orElse(0.0);
    }

    private double timeShare(Instant now) {
        return most.map(limit -> (double) used.time(now).toSeconds() / Math.max(1, limit.toSeconds()))
                .orElse(0.0);
    }

    private Optional<Double> secondsOfMoney(double share, Instant now) {
        return budgetUsd.flatMap(budget -> used.hourlyUsd()
                .filter(price -> price.signum() > 0)
                .map(price -> (budget.doubleValue() * share - used.usd(now).doubleValue())
                        / price.doubleValue()
                        * SECONDS_PER_HOUR));
    }

    private Optional<Double> secondsOfTime(double share, Instant now) {
        return most.map(limit -> limit.toSeconds() * share - used.time(now).toSeconds());
    }

    private static String hours(Duration time) {
        return String.format(Locale.ROOT, "%.2f", time.toSeconds() / SECONDS_PER_HOUR);
    }
}
