package io.kaitoflow.testcluster.faults;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The plan in force, and how often each fault struck under it and those before. */
final class Striking {

    private final Map<Fault, AtomicInteger> counts = new EnumMap<>(Fault.class);
    private volatile FaultPlan plan = FaultPlan.none();

    Striking() {
        Stream.of(Fault.values()).forEach(fault -> counts.put(fault, new AtomicInteger()));
    }

    void follow(FaultPlan next) {
        plan = next;
    }

    FaultPlan plan() {
        return plan;
    }

    boolean strike(Fault fault) {
        boolean strikes = plan.strikes(fault);
        if (strikes) {
            count(fault);
        }
        return strikes;
    }

    int pick(int bound) {
        return plan.pick(bound);
    }

    void count(Fault fault) {
        counter(fault).incrementAndGet();
    }

    int struck(Fault fault) {
        return counter(fault).get();
    }

    private AtomicInteger counter(Fault fault) {
        return counts.computeIfAbsent(fault, unknown -> new AtomicInteger());
    }
}
