package io.kaitoflow.activities.nodes.quota;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The most that one namespace may hold at once, and spend.
 *
 * @param gpus devices; empty for any number
 * @param usdPerHour price of all machines together; empty for any
 * @param usdPerMonth price of all that machines cost in a calendar month in UTC, beyond which no further one that costs is
 *     claimed; empty for any
 */
public record Cap(OptionalInt gpus, Optional<BigDecimal> usdPerHour, Optional<BigDecimal> usdPerMonth) {

    public Cap {
        if (gpus.isPresent() && gpus.getAsInt() < 0) {
            throw new IllegalArgumentException("gpus: " + gpus.getAsInt() + " must be 0 or more.");
        }
        requireNotNegative("usdPerHour", usdPerHour);
        requireNotNegative("usdPerMonth", usdPerMonth);
    }

    private static void requireNotNegative(String name, Optional<BigDecimal> most) {
        most.filter(usd -> usd.signum() < 0).ifPresent(usd -> {
            throw new IllegalArgumentException(name + ": " + usd + " must be 0 or more.");
        });
    }

    /** Whether it bounds anything. */
    boolean bounds() {
        return gpus.isPresent() || countsMoney();
    }

    /** Whether what machines cost matters. */
    public boolean countsMoney() {
        return usdPerHour.isPresent() || usdPerMonth.isPresent();
    }

    boolean holds(Amount amount) {
        return (gpus.isEmpty() || amount.gpus() <= gpus.getAsInt())
                && usdPerHour
                        .map(most -> amount.usdPerHour().compareTo(most) <= 0)
                        .orElse(true);
    }

    /** Whether a month's money is used up. */
    boolean isSpent(BigDecimal spent) {
        return usdPerMonth.filter(most -> spent.compareTo(most) >= 0).isPresent();
    }

    /** What it bounds, for people: {@code 8 GPUs and $30.00 an hour at once, and $500.00 a month}. */
    String words() {
        return Stream.concat(
                        Stream.of(words(most -> most + " GPUs", most -> usd(most) + " an hour"))
                                .filter(bounded -> !bounded.isEmpty())
                                .map(bounded -> bounded + " at once"),
                        usdPerMonth.stream().map(most -> usd(most) + " a month"))
                .collect(Collectors.joining(", and "));
    }

    /** How much of it is used: {@code uses 8 of 8 GPUs and $29.38 of $30.00 an hour, and has spent $500.00 of $500.00 this month}. */
    String used(Amount used, BigDecimal spent) {
        return Stream.concat(
                        Stream.of(words(
                                        most -> used.gpus() + " of " + most + " GPUs",
                                        most -> usd(used.usdPerHour()) + " of " + usd(most) + " an hour"))
                                .filter(bounded -> !bounded.isEmpty())
                                .map(bounded -> "uses " + bounded),
                        usdPerMonth.stream()
                                .map(most -> "has spent " + usd(spent) + " of " + usd(most) + " this month"))
                .collect(Collectors.joining(", and "));
    }

    /** An amount in the units that it bounds: {@code 2 GPUs and $7.35 an hour}. */
    String measured(Amount amount) {
        return words(most -> amount.gpus() + " GPUs", most -> usd(amount.usdPerHour()) + " an hour");
    }

    private String words(IntFunction<String> devices, Function<BigDecimal, String> money) {
        return Stream.concat(
                        gpus.stream().mapToObj(devices), usdPerHour.stream().map(money))
                .collect(Collectors.joining(" and "));
    }

    private static String usd(BigDecimal amount) {
        return "$" + amount.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
