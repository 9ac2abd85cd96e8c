package io.kaitoflow.workflows.preflight;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;

/**
 * What a pod is told that looks into volumes with adapters.
 *
 * @param id whose
 * @param preset that they are to fit
 * @param adapters each in a volume
 */
public record AdapterTask(WorkspaceId id, Preset preset, List<AdapterReference> adapters) {

    public AdapterTask {
        adapters = List.copyOf(adapters);
    }
}
