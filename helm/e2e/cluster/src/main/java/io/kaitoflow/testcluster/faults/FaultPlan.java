package io.kaitoflow.testcluster.faults;

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

    /** All is well. */
    static FaultPlan none() {
        return fault -> false;
    }

    /** These strike at every opportunity. */
    static FaultPlan always(Fault... faults) {
        return Set.of(faults)::contains;
    }

    /** One fault strikes at every second opportunity, beginning with the first. */
    static FaultPlan everySecond(Fault fault) {
        AtomicLong opportunities = new AtomicLong();
        return asked -> asked == fault && opportunities.getAndIncrement() % 2 == 0;
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
