package io.kaitoflow.activities.nodes;

import java.util.Random;

/** A process that dies at one of its requests: before it is sent, or after it was done and before anybody knows. */
public final class Mortality {

    private enum Moment {
        NEVER,
        BEFORE,
        AFTER
    }

    private Moment moment = Moment.NEVER;
    private int requestsLeft;
    private boolean dead;

    /** It lives on. */
    public static Mortality immortal() {
        return new Mortality();
    }

    /** It may die at one of its next few requests. */
    public static Mortality of(Random random) {
        Mortality mortality = new Mortality();
        mortality.moment = Moment.values()[random.nextInt(Moment.values().length)];
        mortality.requestsLeft = random.nextInt(4);
        return mortality;
    }

    /** Asked before a request is sent. A dead process sends nothing. */
    public synchronized void sending() {
        if (dead || (moment == Moment.BEFORE && requestsLeft == 0)) {
            die();
        }
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

    private void die() {
        dead = true;
        throw new Died();
    }

    /** What the thread of a process that is no more does: nothing. */
    public static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
