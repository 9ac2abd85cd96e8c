package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.WorkspaceId;

/** Tells whether an adapter can be pulled, and which bytes its name stands for now. */
@FunctionalInterface
public interface AdapterAvailability {

    /**
     * The digest of the adapter's manifest; a {@code Classified} exception says what speaks against it and is one finding.
     *
     * @param id whose secrets open the registry
     */
    Digest find(WorkspaceId id, AdapterReference adapter);
}
