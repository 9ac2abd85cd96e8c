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
 * @param adapters each in a volume, and at full strength: how much of them is served changes nothing of what they are, so an edit of
 *     that alone finds the look of before
 */
public record AdapterTask(WorkspaceId id, Preset preset, List<AdapterReference> adapters) {

    public AdapterTask {
        adapters = adapters.stream().map(AdapterReference::atFullStrength).toList();
    }
}
