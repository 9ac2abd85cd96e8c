package io.kaitoflow.testcluster.faults;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Decides which fault strikes when. Asked by several threads. */
public interface FaultPlan {

    /** Whether the fault strikes here and now. */
    boolean strikes(Fault fault);

    /** A number below the bound, e.g. how long or how old. */
    default int pick(int bound) {
        return bound / 2;
    }

    /** How long an event that is late waits for a successor to come before it. */
    default Duration lateness() {
        return Duration.ofMillis(300);
    }

    /** All is well. */
    static FaultPlan none() {
        return fault -> false;
    }

    /** These strike at every opportunity. */
    static FaultPlan always(Fault... faults) {
        return Set.of(faults)::contains;
    }

    /** One fault strikes at every second opportunity, beginning with the first; late events wait for their successors. */
    static FaultPlan everySecond(Fault fault) {
        AtomicLong opportunities = new AtomicLong();
        return new FaultPlan() {
            @Override
            public boolean strikes(Fault asked) {
                return asked == fault && opportunities.getAndIncrement() % 2 == 0;
            }

            @Override
            public Duration lateness() {
                return Duration.ofMinutes(1);
            }
        };
    }

    /**
     * Faults strike by chance; the same seed decides the same way when it is asked the same things in the same order.
     *
     * @param odds between 0 and 1; those that are not named never strike
     */
    static FaultPlan seeded(long seed, Map<Fault, Double> odds) {
        return new FaultPlan() {
            private final Random random = new Random(seed);

            @Override
            public synchronized boolean strikes(Fault fault) {
                return random.nextDouble() < odds.getOrDefault(fault, 0.0);
            }

            @Override
            public synchronized int pick(int bound) {
                return random.nextInt(bound);
            }
        };
    }
}
