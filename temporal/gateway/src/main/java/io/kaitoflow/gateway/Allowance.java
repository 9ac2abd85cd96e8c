package io.kaitoflow.gateway;

import java.util.function.LongSupplier;

/** What one tuner may ask for at a replica: so many calls a second, a few more at first, and so many at once. */
final class Allowance {

    /** A tuner beats once a second and has one task at a time; the rest is for the moments in which it starts and reconnects. */
    static final int CALLS_A_SECOND = 50;

    static final int CALLS_AT_ONCE = 16;

    private static final long SAVED = 2L * CALLS_A_SECOND;
    private static final long PRICE = 1_000_000_000L / CALLS_A_SECOND;

    private final LongSupplier nanoTime;
    private long spentUntil;
    private int atOnce;

    Allowance(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.spentUntil = nanoTime.getAsLong() - SAVED * PRICE;
    }

    /** Whether one more may begin; {@link #end} it then. */
    synchronized boolean begin() {
        long now = nanoTime.getAsLong();
        long from = Math.max(spentUntil - now, -SAVED * PRICE);
        if (atOnce == CALLS_AT_ONCE || from + PRICE > 0) {
            return false;
        }
        spentUntil = now + from + PRICE;
        atOnce++;
        return true;
    }

    synchronized void end() {
        atOnce--;
    }
}
