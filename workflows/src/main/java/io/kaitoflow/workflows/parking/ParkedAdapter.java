package io.kaitoflow.workflows.parking;

import io.kaitoflow.workflows.tuning.AdapterArtifact;

/**
 * An adapter that waits to be pushed, on no machine that costs.
 *
 * @param adapter as whoever pushes it finds it
 * @param place as users find it
 * @param cure what users do to have it pushed
 */
public record ParkedAdapter(AdapterArtifact adapter, String place, String cure) {

    /** Where it lies, and how it gets away from there. */
    public String sentence() {
        return "The tuned adapter (" + adapter.steps() + " steps, " + adapter.digest() + ") is kept in " + place + "; "
                + cure + ".";
    }
}
