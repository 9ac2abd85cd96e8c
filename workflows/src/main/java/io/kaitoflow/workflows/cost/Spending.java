package io.kaitoflow.workflows.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Price times time, over all machines so far: from the moment a machine was ready until the provider had nothing of it left.
 *
 * @param settledUsd for time that is over, as far as prices were known
 * @param settledTime that is over
 * @param since when the present time began; empty while there is none
 * @param hourlyUsd price of what is held now; empty where nobody knows it, and while nothing is held
 */
public record Spending(
        BigDecimal settledUsd, Duration settledTime, Optional<Instant> since, Optional<BigDecimal> hourlyUsd) {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);
    private static final int DECIMALS = 6;

    /** Nothing was spent. */
    public static Spending none() {
        return new Spending(BigDecimal.ZERO, Duration.ZERO, Optional.empty(), Optional.empty());
    }

    /** Time begins; one that runs already goes on. */
    public Spending begun(Instant at, Optional<BigDecimal> hourly) {
        return since.isPresent() ? this : new Spending(settledUsd, settledTime, Optional.of(at), hourly);
    }

    /** Time ends; one that does not run stays as it is. */
    public Spending ended(Instant at) {
        return since.isPresent() ? new Spending(usd(at), time(at), Optional.empty(), Optional.empty()) : this;
    }

    /** US dollars until {@code now}. */
    public BigDecimal usd(Instant now) {
        return settledUsd.add(hourlyUsd
                .map(price -> price.multiply(BigDecimal.valueOf(running(now).toSeconds()))
                        .divide(SECONDS_PER_HOUR, DECIMALS, RoundingMode.HALF_UP))
                .orElse(BigDecimal.ZERO));
    }

    /** Time until {@code now}. */
    public Duration time(Instant now) {
        return settledTime.plus(running(now));
    }

    /** Whether time runs. */
    public boolean running() {
        return since.isPresent();
    }

    /** Whether there ever was a machine. */
    public boolean any() {
        return running() || !settledTime.isZero();
    }

    private Duration running(Instant now) {
        return since.filter(now::isAfter)
                .map(start -> Duration.between(start, now))
                .orElse(Duration.ZERO);
    }
}
