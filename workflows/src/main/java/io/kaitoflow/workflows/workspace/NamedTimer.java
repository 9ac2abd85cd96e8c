package io.kaitoflow.workflows.workspace;

import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits that say in the Web UI what they are for. */
final class NamedTimer {

    private NamedTimer() {}

    /** Until the condition holds, or for so long. */
    static void await(String purpose, Duration longest, BooleanSupplier condition) {
        Promise<Void> timer = start(purpose, longest);
        // A wait that is broken off says so itself; Temporal would warn of a timer that failed and that nobody asked.
        var unused = timer.exceptionally(brokenOff -> null);
        Workflow.await(() -> timer.isCompleted() || condition.getAsBoolean());
    }

    /** For so long; an interruption of the scope ends it. */
    static void sleep(String purpose, Duration time) {
        start(purpose, time).get();
    }

    private static Promise<Void> start(String purpose, Duration time) {
        return Workflow.newTimer(
                time, TimerOptions.newBuilder().setSummary(purpose).build());
    }
}
