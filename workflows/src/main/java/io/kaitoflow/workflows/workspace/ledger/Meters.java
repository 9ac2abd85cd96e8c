package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What runs up with time: money on machines, money and time of tuning, and how long a model was served. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Meters {

    private Spending spending = Spending.none();
    private Spending bounded = Spending.none();
    private Spending served = Spending.none();

    /** On all machines so far. */
    public Spending spending() {
        return spending;
    }

    /** Money and time of tuning alone, over all tries. */
    public Spending bounded() {
        return bounded;
    }

    /** How long a model was served, over all servers so far; its price is in none of these. */
    public Spending served() {
        return served;
    }

    /** A model answers, which counts from now on unless it does already; or none does any more. */
    public void served(boolean answers, Instant at) {
        served = answers ? served.begun(at, Optional.empty()) : served.ended(at);
    }

    /** From now on the machine works for what is bounded. */
    public void bound(Optional<NodeRequest> machine, Instant at) {
        bounded = bounded.begun(at, machine.flatMap(NodeRequest::hourlyUsd));
    }

    void unbound(Instant at) {
        bounded = bounded.ended(at);
    }

    /** These are held and no others; of several the prices that are known are added. */
    void hold(Stream<NodeRequest> machines, Instant at) {
        List<NodeRequest> held = machines.toList();
        Optional<BigDecimal> hourly =
                held.stream().flatMap(machine -> machine.hourlyUsd().stream()).reduce(BigDecimal::add);
        if (!spending.hourlyUsd().equals(hourly) || spending.running() == held.isEmpty()) {
            spending = spending.ended(at);
            spending = held.isEmpty() ? spending : spending.begun(at, hourly);
        }
    }
}
