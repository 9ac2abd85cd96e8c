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
 * The most that one namespace may hold at once.
 *
 * @param gpus devices; empty for any number
 * @param usdPerHour list price of all machines together; empty for any
 */
public record Cap(OptionalInt gpus, Optional<BigDecimal> usdPerHour) {

    public Cap {
        if (gpus.isPresent() && gpus.getAsInt() < 0) {
            throw new IllegalArgumentException("gpus: " + gpus.getAsInt() + " must be 0 or more.");
        }
        usdPerHour.filter(usd -> usd.signum() < 0).ifPresent(usd -> {
            throw new IllegalArgumentException("usdPerHour: " + usd + " must be 0 or more.");
        });
    }

    /** Whether it bounds anything. */
    boolean bounds() {
        return gpus.isPresent() || usdPerHour.isPresent();
    }

    boolean holds(Amount amount) {
        return (gpus.isEmpty() || amount.gpus() <= gpus.getAsInt())
                && usdPerHour
                        .map(most -> amount.usdPerHour().compareTo(most) <= 0)
                        .orElse(true);
    }

    /** What it bounds, for people: {@code 8 GPUs and $30.00 an hour}. */
    String words() {
        return words(most -> most + " GPUs", most -> usd(most) + " an hour");
    }

    /** How much of it is used: {@code 8 of 8 GPUs and $29.38 of $30.00 an hour}. */
    String used(Amount used) {
        return words(
                most -> used.gpus() + " of " + most + " GPUs",
                most -> usd(used.usdPerHour()) + " of " + usd(most) + " an hour");
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
