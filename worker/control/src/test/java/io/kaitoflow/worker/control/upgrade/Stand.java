package io.kaitoflow.worker.control.upgrade;

import java.util.Locale;
import java.util.stream.Stream;

/** Where a workspace stands while replicas are replaced, and where it goes afterwards. */
enum Stand {
    PROVISIONING("Provisioning", "Serving"),
    FETCHING("Fetching", "Serving"),
    TUNING("Tuning", "Serving"),
    EVALUATING("Evaluating", "Serving"),
    PUBLISHING("Publishing", "Serving"),
    ROLLING_OUT("RollingOut", "Serving"),
    SERVING("Serving", "Serving"),
    COMPLETED("Completed", "Completed"),
    PAUSED("Paused", "Serving"),
    FAILED("Failed", "Failed"),
    CANCELLED("Cancelled", "Cancelled");

    private final String phase;
    private final String end;

    Stand(String phase, String end) {
        this.phase = phase;
        this.end = end;
    }

    /** The phase in which it waits. */
    String phase() {
        return phase;
    }

    /** The phase that it comes to when everything may go on. */
    String end() {
        return end;
    }

    /** How workspaces that stand here are called. */
    String name(int number) {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + number;
    }

    /** The stand of a workspace. */
    static Stand of(String workspace) {
        String word = workspace.replaceFirst("-\\d+$", "").replace('-', '_').toUpperCase(Locale.ROOT);
        return Stream.of(values())
                .filter(stand -> stand.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(workspace + " is none of ours"));
    }
}
