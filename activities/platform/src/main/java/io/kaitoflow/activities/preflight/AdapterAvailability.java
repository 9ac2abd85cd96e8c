package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;

/** Tells whether an adapter's image can be pulled, and which bytes its name stands for now. */
@FunctionalInterface
public interface AdapterAvailability {

    /**
     * The digest of the adapter's manifest; a {@code Classified} exception says what speaks against it and is one finding.
     *
     * @param id whose secrets open the registry
     * @param pullSecrets tried in order
     */
    Digest find(WorkspaceId id, ImageReference image, List<SecretReference> pullSecrets);
}
