package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.workflows.nodes.NodeRequest;
import java.math.BigDecimal;

/**
 * How much of machines, as a cap counts them.
 *
 * @param gpus devices of all machines together
 * @param usdPerHour their list price; of own nodes none
 */
public record Amount(int gpus, BigDecimal usdPerHour) {

    /** Nothing. */
    public static final Amount NONE = new Amount(0, BigDecimal.ZERO);

    static Amount of(NodeRequest request) {
        return new Amount(
                request.option().counted() * request.machines().count(),
                request.hourlyUsd().orElse(BigDecimal.ZERO));
    }

    Amount plus(Amount other) {
        return new Amount(gpus + other.gpus, usdPerHour.add(other.usdPerHour));
    }
}
