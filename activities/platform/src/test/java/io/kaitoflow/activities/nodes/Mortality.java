package io.kaitoflow.activities.nodes;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A process that dies at one of its requests: before it is sent, or after it was done and before anybody knows. Or one that stands
 * still before a request until everybody else has long gone on, as behind a network that answers after minutes.
 */
public final class Mortality {

    private enum Moment {
        NEVER,
        BEFORE,
        AFTER,
        STILL
    }

    private static final List<Moment> OF_DEATH = List.of(Moment.NEVER, Moment.BEFORE, Moment.AFTER);

    private Moment moment = Moment.NEVER;
    private int requestsLeft;
    private boolean dead;
    private final CompletableFuture<Boolean> still = new CompletableFuture<>();
    private final CompletableFuture<Boolean> woken = new CompletableFuture<>();

    /** It lives on. */
    public static Mortality immortal() {
        return new Mortality();
    }

    /** It may die at one of its next few requests. */
    public static Mortality of(Random random) {
        Mortality mortality = new Mortality();
        mortality.moment = OF_DEATH.get(random.nextInt(OF_DEATH.size()));
        mortality.requestsLeft = random.nextInt(4);
        return mortality;
    }

    /** It stands still before one of its next few requests, if it has as many, until it is {@linkplain #wake woken}. */
    public static Mortality late(Random random) {
        Mortality mortality = new Mortality();
        mortality.moment = Moment.STILL;
        mortality.requestsLeft = random.nextInt(6);
        return mortality;
    }

    /** Whether it may be woken once. */
    public boolean late() {
        return moment == Moment.STILL;
    }

    /** Done once it stands still. */
    public CompletableFuture<Boolean> standsStill() {
        return still;
    }

    /** It goes on. */
    public void wake() {
        woken.complete(true);
    }

    /** Asked before a request is sent. A dead process sends nothing. */
    public void sending() {
        if (dies()) {
            die();
        }
        if (late() && requestsLeft() == 0) {
            still.complete(true);
            woken.join();
        }
    }

    private synchronized boolean dies() {
        return dead || (moment == Moment.BEFORE && requestsLeft == 0);
    }

    private synchronized int requestsLeft() {
        return requestsLeft;
    }

    /** Asked when the answer is there. */
    public synchronized void answered() {
        if (moment == Moment.AFTER && requestsLeft == 0) {
            die();
        }
        requestsLeft--;
    }

    public synchronized boolean dead() {
        return dead;
    }

    private synchronized void die() {
        dead = true;
        throw new Died();
    }

    /** What the thread of a process that is no more does: nothing. */
    public static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
