package io.kaitoflow.presets;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/**
 * What a machine costs.
 *
 * @param hourlyUsd for one machine, on demand
 * @param spotHourlyUsd the same as spot, where it is known
 * @param region where it holds, as far as it was said
 * @param asOf when it was true
 * @param kind whose price it is
 */
public record Price(
        BigDecimal hourlyUsd, Optional<BigDecimal> spotHourlyUsd, Optional<String> region, LocalDate asOf, Kind kind) {

    /** Whose price it is. */
    public enum Kind {
        /** The cloud's for everybody, as this release knows it. */
        LIST,
        /** The installation's own. */
        OWN
    }

    /** What is counted for one machine: spot machines at the price on demand where theirs is not known. */
    public BigDecimal hourlyUsd(boolean spot) {
        return spotHourlyUsd.filter(known -> spot).orElse(hourlyUsd);
    }

    /** Whether it was true more than a year ago. */
    public boolean isOld(LocalDate today) {
        return asOf.isBefore(today.minusYears(1));
    }

    /** Where it comes from, for people: {@code list price, eastus, 2024-06-30}. */
    public String origin() {
        return kind.name().toLowerCase(Locale.ROOT) + " price, "
                + region.map(place -> place + ", ").orElse("") + asOf;
    }
}
