package io.kaitoflow.temporal;

import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;

/**
 * Heartbeats for every activity that has a heartbeat timeout, for as long as this process lives, so that silence means a dead
 * process and nothing else. What an activity reported itself is repeated, and goes with its failure, where the workflow reads it.
 */
public final class KeepAliveInterceptor extends WorkerInterceptorBase {

    private final boolean interrupts;

    private KeepAliveInterceptor(boolean interrupts) {
        this.interrupts = interrupts;
    }

    /** A cancelled activity is interrupted: for bodies that wait for others and never look at heartbeats themselves. */
    public static KeepAliveInterceptor interrupting() {
        return new KeepAliveInterceptor(true);
    }

    /** A cancelled activity learns it at its own next heartbeat: for bodies that have to save their work. */
    public static KeepAliveInterceptor patient() {
        return new KeepAliveInterceptor(false);
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new KeptAliveActivity(next, interrupts);
    }
}
